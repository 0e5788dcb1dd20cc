package org.llavamed.deidentify.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;

/** Plants values that occur nowhere else, and looks for them in bytes. */
final class Markers {
  /** Days between two dates, so that no moved date is another one. */
  private static final long STEP = 11;

  private static final List<Charset> CHARSETS =
      List.of(
          StandardCharsets.UTF_8,
          StandardCharsets.UTF_16LE,
          StandardCharsets.UTF_16BE,
          Charset.forName("ISO-2022-JP"),
          Charset.forName("Shift_JIS"),
          Charset.forName("GB18030"));

  /** What was planted, and where it came from. */
  private final Map<String, String> texts = new TreeMap<>();

  private final Map<String, ByteBuffer> numbers = new TreeMap<>();
  private int count;

  /** Adds a value that may not be found. */
  String text(String text, String where) {
    texts.put(text, where);
    return text;
  }

  private String next() {
    return "ZQ%04dX".formatted(++count);
  }

  /** Returns a new text that may not be found. */
  String text(String where) {
    return text(next(), where);
  }

  /** Plants a value by the value representation of PS3.6. */
  void plant(DataSet target, int tag, String where) {
    Vr vr = Dictionary.vr(tag);
    String place = where + " " + Dictionary.describe(tag);
    LocalDate day = LocalDate.of(1851, 1, 1).plusDays(STEP * ++count);
    String date = day.format(DateTimeFormatter.BASIC_ISO_DATE);
    String time = "0708%02d.%06d".formatted(count % 60, 900_000 - count);
    switch (vr) {
      case DA -> target.putString(tag, vr, text(date, place));
      case TM -> target.putString(tag, vr, text(time, place + " time of day"));
      case DT -> target.putString(tag, vr, text(date, place) + text(time, place + " time of day"));
      case UI -> target.putString(tag, vr, text("1.9.8.7." + (700_000 + count), place));
      case DS, IS -> target.putString(tag, vr, text("77" + (100_000 + count), place));
      case AS -> target.putString(tag, vr, text("%03dW".formatted(count % 1000), place));
      case UR -> target.putString(tag, vr, "http://" + text(place).toLowerCase(Locale.ROOT));
      case SQ -> target.putItems(tag, item(place));
      case OB, OW, UN -> target.putBytes(tag, vr, text(place).getBytes(StandardCharsets.US_ASCII));
      case FD, FL -> {
        double value = 1234.567 + count;
        target.putDoubles(tag, vr, value);
        numbers.put(place, target.bytes(tag));
      }
      default -> {
        if (vr.isText()) {
          target.putString(tag, vr, text(place));
        } else {
          target.putInts(tag, vr, 4242);
        }
      }
    }
  }

  /** Returns an item of a code, a text and a reference. */
  private DataSet item(String place) {
    DataSet code =
        new DataSet()
            .putString(Tag.CodeValue, Vr.SH, text(place + " code"))
            .putString(Tag.CodingSchemeDesignator, Vr.SH, "99ZQ")
            .putString(Tag.CodeMeaning, Vr.LO, text(place + " meaning"));
    return new DataSet()
        .putString(Tag.ReferencedSOPClassUID, Vr.UI, Uids.CTImageStorage)
        .putString(
            Tag.ReferencedSOPInstanceUID, Vr.UI, text("1.9.8.6." + ++count, place + " reference"))
        .putItems(Tag.ConceptNameCodeSequence, code)
        .putString(Tag.TextValue, Vr.UT, text(place + " text"));
  }

  /** Returns what was planted and is found in the bytes, in whatever coding. */
  List<String> found(byte[] bytes, Set<String> allowed) {
    String raw = new String(bytes, StandardCharsets.ISO_8859_1);
    String lower = raw.toLowerCase(Locale.ROOT);
    List<String> found = new ArrayList<>();
    texts.forEach(
        (text, where) -> {
          boolean free = allowed.stream().anyMatch(where::contains);
          String name = text.toLowerCase(Locale.ROOT);
          if (!free && (contains(raw, text) || (name.startsWith("zq") && lower.contains(name)))) {
            found.add(text + " of" + where);
          }
        });
    numbers.forEach(
        (where, number) -> {
          byte[] value = new byte[number.remaining()];
          number.duplicate().order(ByteOrder.LITTLE_ENDIAN).get(value);
          if (allowed.stream().noneMatch(where::contains)
              && raw.contains(new String(value, StandardCharsets.ISO_8859_1))) {
            found.add("number of" + where);
          }
        });
    return found;
  }

  private static boolean contains(String raw, String text) {
    if (text.matches("[0-9]{8}")) { // digits within a new UID are no date
      return Pattern.compile("(?<![0-9.])" + text).matcher(raw).find();
    }
    return CHARSETS.stream()
        .map(charset -> new String(text.getBytes(charset), StandardCharsets.ISO_8859_1))
        .anyMatch(raw::contains);
  }

  int count() {
    return texts.size() + numbers.size();
  }
}
