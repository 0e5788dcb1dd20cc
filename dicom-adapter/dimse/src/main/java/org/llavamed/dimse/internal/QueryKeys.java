package org.llavamed.dimse.internal;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DicomJson;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.DimseClient.Match;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Query;

/** Identifiers of queries: the keys that people write, and the matches that peers return. */
final class QueryKeys {
  private QueryKeys() {}

  /**
   * Returns the identifier of a query. A key may stand there by keyword and by tag: the one with a
   * value counts. Values are not held against the rules of their value representation: wild cards
   * and ranges break them (PS3.4 section C.2.2.2).
   *
   * @throws NetworkException if a key is no keyword and no tag, has two values, or its value is no
   *     number
   */
  static DataSet identifier(Query query) {
    DataSet keys = new DataSet();
    keys.putString(Tag.QueryRetrieveLevel, Vr.CS, query.level().name());
    boolean ascii = true;
    for (Map.Entry<String, String> key : query.keys().entrySet()) {
      put(keys, key.getKey(), key.getValue());
      ascii &= key.getValue().chars().allMatch(c -> c < 0x80);
    }
    if (!ascii) {
      keys.putString(Tag.SpecificCharacterSet, Vr.CS, "ISO_IR 192");
    }
    return keys;
  }

  private static void put(DataSet keys, String key, String value) {
    int tag =
        tag(key)
            .orElseThrow(
                () ->
                    NetworkException.failed(
                        "key " + key,
                        "this is no keyword of the standard and no tag",
                        "Write it as StudyDate or 0008,0020"));
    Vr vr = Dictionary.vr(tag);
    if (value.isEmpty()) {
      if (!keys.contains(tag)) {
        keys.putEmpty(tag, vr);
      }
    } else if (keys.string(tag).isPresent()) {
      throw NetworkException.failed(
          "key " + key, Dictionary.describe(tag) + " has a value already", "Give it once");
    } else if (vr.isBinaryNumber()) {
      keys.putInts(tag, vr, numbers(key, value));
    } else if (vr == Vr.SQ) {
      throw NetworkException.failed(
          "key " + key, "it is a sequence", "Leave its value empty to have it returned");
    } else {
      keys.putBytes(tag, vr, value.getBytes(StandardCharsets.UTF_8));
    }
  }

  private static long[] numbers(String key, String value) {
    try {
      return Arrays.stream(value.split("\\\\", -1)).mapToLong(Long::parseLong).toArray();
    } catch (NumberFormatException e) {
      throw NetworkException.failed(
          "key " + key, "'%s' is no number".formatted(value), "Give a whole number", e);
    }
  }

  private static Optional<Integer> tag(String key) {
    Optional<Integer> known = Dictionary.byKeyword(key).map(Dictionary.Entry::tag);
    if (known.isPresent()) {
      return known;
    }
    String digits = key.replaceAll("[(),]", "");
    return digits.matches("[0-9A-Fa-f]{8}")
        ? Optional.of(Integer.parseUnsignedInt(digits, 16))
        : Optional.empty();
  }

  /**
   * Returns a match.
   *
   * @throws ImagingException if it cannot be written as JSON
   */
  static Match match(DataSet dataSet) {
    Map<Integer, String> values = new TreeMap<>(Integer::compareUnsigned);
    for (int tag : dataSet.tags()) {
      if (tag != Tag.SpecificCharacterSet && tag != Tag.QueryRetrieveLevel) {
        values.put(tag, String.join("\\", dataSet.strings(tag)));
      }
    }
    Map<String, String> named = new LinkedHashMap<>();
    values.forEach((tag, value) -> named.put(name(tag), value));
    return new Match(named, DicomJson.write(dataSet));
  }

  private static String name(int tag) {
    return Dictionary.entry(tag)
        .map(Dictionary.Entry::keyword)
        .orElse("%04X,%04X".formatted(tag >>> 16, tag & 0xFFFF));
  }
}
