package org.llavamed.dicom;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.internal.CharacterSet;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;

/** Writes data sets in the DICOM JSON model (PS3.18 annex F). */
final class JsonEncoder {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");
  private static final List<String> NAME_GROUPS = List.of("Alphabetic", "Ideographic", "Phonetic");

  private final JsonGenerator json;
  private final DicomJson.BulkStore store;

  JsonEncoder(JsonGenerator json, DicomJson.BulkStore store) {
    this.json = json;
    this.store = store;
  }

  void write(DataSet dataSet) throws IOException {
    write(dataSet, null);
  }

  /** Writes a data set, and of pixel data that stays in its file the length alone. */
  void write(DataSet dataSet, @Nullable PixelData pixels) throws IOException {
    PixelData left = pixels;
    json.writeStartObject();
    for (Map.Entry<Integer, Element> entry : dataSet.entries()) {
      int tag = entry.getKey();
      if (left != null && Integer.compareUnsigned(left.tag(), tag) < 0) {
        writeLeftOut(left);
        left = null;
      }
      if ((tag & 0xFFFF) != 0 && tag >>> 16 != 0x0002) {
        startAttribute(tag);
        write(tag, entry.getValue());
        json.writeEndObject();
      }
    }
    if (left != null) {
      writeLeftOut(left);
    }
    json.writeEndObject();
  }

  private void startAttribute(int tag) throws IOException {
    json.writeObjectFieldStart(String.format(Locale.ROOT, "%08X", tag));
  }

  private void writeLeftOut(PixelData pixels) throws IOException {
    startAttribute(pixels.tag());
    json.writeStringField("vr", pixels.vr());
    json.writeStringField("BulkDataURI", DicomJson.leftOut(pixels.length()));
    json.writeEndObject();
  }

  private void write(int tag, Element element) throws IOException {
    json.writeStringField("vr", element.vr().name());
    if (tag == Tag.SpecificCharacterSet) {
      writeValues(Vr.CS, CharacterSet.UTF_8.terms());
      return;
    }
    if (element.value() instanceof Element.Items items) {
      writeItems(items.list());
      return;
    }
    ByteBuffer value = bytes(element);
    if (!value.hasRemaining()) {
      return;
    }
    Optional<String> uri = store.uri(tag, value);
    if (uri.isPresent()) {
      json.writeStringField("BulkDataURI", uri.get());
    } else if (element.value() instanceof Element.Fragments) {
      throw ImagingException.unsupported(
          Dictionary.describe(tag),
          "encapsulated pixel data inline in DICOM JSON",
          "Give a bulk store that names an address for it");
    } else if (element.vr().isBulk()) {
      json.writeFieldName("InlineBinary");
      byte[] bytes = new byte[value.remaining()];
      value.get(bytes);
      json.writeBinary(bytes);
    } else {
      writeValues(element.vr(), element.strings());
    }
  }

  private static ByteBuffer bytes(Element element) {
    if (!(element.value() instanceof Element.Fragments fragments)) {
      return element.bytes();
    }
    int sum = fragments.list().stream().mapToInt(ByteBuffer::remaining).reduce(0, Math::addExact);
    ByteBuffer joined = ByteBuffer.allocate(sum);
    fragments.list().forEach(fragment -> joined.put(fragment.duplicate()));
    return joined.flip();
  }

  private void writeItems(List<DataSet> items) throws IOException {
    if (items.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("Value");
    for (DataSet item : items) {
      write(item);
    }
    json.writeEndArray();
  }

  private void writeValues(Vr vr, List<String> values) throws IOException {
    if (values.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("Value");
    for (String value : values) {
      writeValue(vr, value);
    }
    json.writeEndArray();
  }

  private void writeValue(Vr vr, String value) throws IOException {
    if (value.isEmpty()) {
      json.writeNull();
    } else if (vr == Vr.PN) {
      writeName(value);
    } else if (isNumber(vr) && NUMBER.matcher(value).matches()) {
      writeNumber(value);
    } else {
      json.writeString(value);
    }
  }

  private void writeNumber(String value) throws IOException {
    BigDecimal number = new BigDecimal(value);
    if (number.signum() == 0 && value.startsWith("-")) {
      json.writeNumber(-0.0);
    } else {
      json.writeNumber(number);
    }
  }

  private static boolean isNumber(Vr vr) {
    return vr == Vr.DS || vr == Vr.IS || (vr.isBinaryNumber() && vr != Vr.AT);
  }

  private void writeName(String value) throws IOException {
    json.writeStartObject();
    String[] groups = value.split("=", 3);
    for (int i = 0; i < groups.length; i++) {
      if (!groups[i].isEmpty()) {
        json.writeStringField(NAME_GROUPS.get(i), groups[i]);
      }
    }
    json.writeEndObject();
  }
}
