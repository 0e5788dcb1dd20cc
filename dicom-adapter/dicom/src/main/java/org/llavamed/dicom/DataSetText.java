package org.llavamed.dicom;

import java.util.Map;

/** Lists a data set for people. */
final class DataSetText {
  private static final int LONGEST = 80;

  private DataSetText() {}

  static void append(StringBuilder text, DataSet dataSet, String indent) {
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      Element element = entry.getValue();
      text.append(indent).append(Dictionary.text(entry.getKey())).append(' ');
      text.append(element.vr()).append(' ').append(value(element));
      Dictionary.entry(entry.getKey()).ifPresent(e -> text.append(" # ").append(e.keyword()));
      text.append('\n');
      element
          .items()
          .forEach(item -> append(text.append(indent).append("> item\n"), item, indent + "> "));
    }
  }

  private static String value(Element element) {
    if (element.value() instanceof Element.Items items) {
      return items.list().size() + " items";
    }
    if (element.value() instanceof Element.Fragments fragments) {
      return fragments.list().size() + " fragments";
    }
    if (element.vr().isBulk()) {
      return element.bytes().remaining() + " bytes";
    }
    String value = String.join("\\", element.strings());
    return "[" + (value.length() > LONGEST ? value.substring(0, LONGEST) + "..." : value) + "]";
  }
}
