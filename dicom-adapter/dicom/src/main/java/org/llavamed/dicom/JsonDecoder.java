package org.llavamed.dicom;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.llavamed.dicom.internal.CharacterSet;
import org.llavamed.imaging.ImagingException;

/** Reads data sets of the DICOM JSON model (PS3.18 annex F). */
final class JsonDecoder {
  private static final Pattern TAG = Pattern.compile("[0-9A-Fa-f]{8}");
  private static final int LONGEST_DECIMAL = 16;

  private final DicomJson.BulkSource source;

  JsonDecoder(DicomJson.BulkSource source) {
    this.source = source;
  }

  /**
   * Reads one object.
   *
   * @param where for messages
   */
  DataSet read(JsonNode object, String where, int depth) {
    if (!object.isObject()) {
      throw damaged(where, "a data set is written as " + object.getNodeType());
    }
    if (depth > DataSetParser.DEEPEST) {
      throw damaged(where, "sequences are nested deeper than %d".formatted(DataSetParser.DEEPEST));
    }
    DataSet dataSet = new DataSet();
    for (Map.Entry<String, JsonNode> attribute : object.properties()) {
      if (!TAG.matcher(attribute.getKey()).matches()) {
        throw damaged(
            where, "'%s' is no tag of 8 hexadecimal digits".formatted(attribute.getKey()));
      }
      int tag = Integer.parseUnsignedInt(attribute.getKey(), 16);
      String place = where + ", " + Dictionary.describe(tag);
      dataSet.put(tag, element(tag, attribute.getValue(), place, depth));
    }
    return dataSet;
  }

  private Element element(int tag, JsonNode attribute, String where, int depth) {
    String name = attribute.path("vr").asText("");
    Vr vr = name.isEmpty() ? Dictionary.vr(tag) : Vr.of(name).orElse(null);
    if (vr == null) {
      throw damaged(where, "'%s' is no value representation".formatted(name));
    }
    if (vr == Vr.SQ) {
      return sequence(attribute.path("Value"), where, depth);
    }
    if (tag == Tag.SpecificCharacterSet) {
      return Element.ofText(vr, CharacterSet.UTF_8.terms().get(0));
    }
    if (attribute.has("BulkDataURI")) {
      ByteBuffer value = source.fetch(attribute.path("BulkDataURI").asText());
      byte[] bytes = new byte[value.remaining()];
      value.duplicate().get(bytes);
      return Element.ofBytes(vr, bytes, CharacterSet.UTF_8);
    }
    if (attribute.has("InlineBinary")) {
      return Element.ofBytes(vr, binary(attribute.path("InlineBinary"), where), CharacterSet.UTF_8);
    }
    return values(vr, attribute.path("Value"), where);
  }

  private static byte[] binary(JsonNode node, String where) {
    try {
      byte[] bytes = node.binaryValue();
      if (bytes != null) {
        return bytes;
      }
    } catch (IOException e) {
      throw ImagingException.damaged(
          where, "InlineBinary is no Base64 text", "Correct the JSON object", e);
    }
    throw damaged(where, "InlineBinary is no text");
  }

  private Element sequence(JsonNode values, String where, int depth) {
    List<DataSet> items = new ArrayList<>();
    for (JsonNode item : array(values, where)) {
      items.add(item.isNull() ? new DataSet() : read(item, where, depth + 1));
    }
    return new Element(Vr.SQ, new Element.Items(List.copyOf(items)));
  }

  private static JsonNode array(JsonNode values, String where) {
    if (!values.isArray() && !values.isMissingNode()) {
      throw damaged(where, "Value is no array");
    }
    return values;
  }

  private static Element values(Vr vr, JsonNode values, String where) {
    List<String> texts = new ArrayList<>();
    for (JsonNode value : array(values, where)) {
      texts.add(text(vr, value, where));
    }
    if (vr.isText()) {
      return Element.ofText(vr, String.join("\\", texts));
    }
    if (vr.isBulk() && !texts.isEmpty()) {
      throw damaged(where, "%s has a Value, expected InlineBinary or BulkDataURI".formatted(vr));
    }
    try {
      return Element.ofBytes(vr, numbers(vr, texts), CharacterSet.UTF_8);
    } catch (ArithmeticException | IllegalArgumentException e) {
      throw ImagingException.damaged(
          where,
          "a value does not suit %s (%s)".formatted(vr, e.getMessage()),
          "Correct the JSON object",
          e);
    }
  }

  private static byte[] numbers(Vr vr, List<String> texts) {
    if (vr == Vr.FL || vr == Vr.FD) {
      return Values.encode(vr, texts.stream().mapToDouble(JsonDecoder::number).toArray());
    }
    return Values.encode(vr, texts.stream().mapToLong(text -> whole(vr, text)).toArray());
  }

  private static double number(String text) {
    return switch (text) {
      case "inf" -> Double.POSITIVE_INFINITY;
      case "-inf" -> Double.NEGATIVE_INFINITY;
      default -> Double.parseDouble(text);
    };
  }

  private static long whole(Vr vr, String text) {
    return switch (vr) {
      case AT -> Long.parseLong(text, 16);
      case UV -> Long.parseUnsignedLong(text);
      default -> new BigDecimal(text).longValueExact();
    };
  }

  private static String text(Vr vr, JsonNode value, String where) {
    if (value.isNull()) {
      return "";
    }
    if (vr == Vr.PN && value.isObject()) {
      return name(value);
    }
    if (!value.isValueNode()) {
      throw damaged(where, "a value is written as " + value.getNodeType());
    }
    String text = value.asText();
    boolean tooLong = vr == Vr.DS && value.isNumber() && text.length() > LONGEST_DECIMAL;
    return tooLong ? Values.decimal(value.doubleValue()) : text;
  }

  private static String name(JsonNode value) {
    List<String> groups =
        Arrays.asList(
            value.path("Alphabetic").asText(""),
            value.path("Ideographic").asText(""),
            value.path("Phonetic").asText(""));
    int count = 3;
    while (count > 1 && groups.get(count - 1).isEmpty()) {
      count--;
    }
    return String.join("=", groups.subList(0, count));
  }

  private static ImagingException damaged(String where, String found) {
    return ImagingException.damaged(where, found, "Correct the JSON object (PS3.18 annex F)");
  }
}
