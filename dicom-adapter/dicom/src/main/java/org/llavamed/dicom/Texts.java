package org.llavamed.dicom;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.internal.CharacterSet;

/**
 * Brings all text of a data set to one character set. An object whose text is coded as its Specific
 * Character Set (0008,0005) says is left as it is; any other becomes ISO_IR 192.
 */
final class Texts {
  private Texts() {}

  /** Returns the data set, or a copy in ISO_IR 192 that shares all values that need no change. */
  static DataSet consistent(DataSet dataSet) {
    return agrees(dataSet, null) ? dataSet : utf8(dataSet, true);
  }

  private static boolean agrees(DataSet dataSet, @Nullable CharacterSet inherited) {
    CharacterSet declared = declared(dataSet, inherited);
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      Element element = entry.getValue();
      if (element.vr().isCodedText()
          && element.value() instanceof Element.Bytes bytes
          && !isAscii(bytes)
          && !bytes.characterSet().equals(declared)) {
        return false;
      }
      for (DataSet item : element.items()) {
        if (!agrees(item, declared)) {
          return false;
        }
      }
    }
    return true;
  }

  private static @Nullable CharacterSet declared(
      DataSet dataSet, @Nullable CharacterSet inherited) {
    return dataSet.contains(Tag.SpecificCharacterSet)
        ? CharacterSet.of(dataSet.strings(Tag.SpecificCharacterSet))
        : inherited;
  }

  private static boolean isAscii(Element.Bytes bytes) {
    java.nio.ByteBuffer data = bytes.data();
    while (data.hasRemaining()) {
      byte b = data.get();
      if (b < 0 || b == 0x1B) {
        return false;
      }
    }
    return true;
  }

  private static DataSet utf8(DataSet dataSet, boolean root) {
    DataSet copy = new DataSet();
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      if (entry.getKey() != Tag.SpecificCharacterSet) {
        copy.put(entry.getKey(), utf8(entry.getValue()));
      }
    }
    if (root) {
      copy.putString(Tag.SpecificCharacterSet, Vr.CS, CharacterSet.UTF_8.terms());
    }
    return copy;
  }

  private static Element utf8(Element element) {
    if (element.value() instanceof Element.Items items) {
      List<DataSet> copies = new ArrayList<>();
      items.list().forEach(item -> copies.add(utf8(item, false)));
      return new Element(element.vr(), new Element.Items(copies));
    }
    if (element.vr().isCodedText()
        && element.value() instanceof Element.Bytes bytes
        && !isAscii(bytes)
        && !bytes.characterSet().equals(CharacterSet.UTF_8)) {
      return Element.ofText(element.vr(), String.join("\\", element.strings()));
    }
    return element;
  }
}
