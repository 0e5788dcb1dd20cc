package org.llavamed.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** Value fields as text and as numbers, and back. */
final class Values {
  private static final double EXACT = 1L << 53;

  private Values() {}

  /** Returns the values as text: padding stripped, numbers in their shortest form. */
  static List<String> strings(Vr vr, Element.Bytes bytes) {
    ByteBuffer data = bytes.data();
    if (data.remaining() == 0) {
      return List.of();
    }
    if (vr.isBinaryNumber()) {
      List<String> values = new ArrayList<>();
      while (data.remaining() >= vr.size()) {
        values.add(nextText(vr, data));
      }
      return values;
    }
    if (!vr.isText()) {
      return List.of();
    }
    String text =
        vr.isCodedText()
            ? bytes.characterSet().decode(data, delimiters(vr))
            : StandardCharsets.ISO_8859_1.decode(data).toString();
    if (!vr.isMultiValued()) {
      return stripped(List.of(stripEnd(text)));
    }
    List<String> values = new ArrayList<>();
    for (String value : text.split("\\\\", -1)) {
      values.add(strip(value));
    }
    return stripped(values);
  }

  private static String delimiters(Vr vr) {
    return vr == Vr.PN ? "\\^=" : vr.isMultiValued() ? "\\" : "";
  }

  private static List<String> stripped(List<String> values) {
    return values.size() == 1 && values.get(0).isEmpty() ? List.of() : values;
  }

  private static String nextText(Vr vr, ByteBuffer data) {
    return switch (vr) {
      case AT -> "%04X%04X".formatted(data.getShort() & 0xFFFF, data.getShort() & 0xFFFF);
      case FL -> shortest(Float.toString(data.getFloat()));
      case FD -> shortest(Double.toString(data.getDouble()));
      case UV -> Long.toUnsignedString(data.getLong());
      case SV -> Long.toString(data.getLong());
      default -> Long.toString(nextInteger(vr, data));
    };
  }

  private static String shortest(String number) {
    return number.endsWith(".0") ? number.substring(0, number.length() - 2) : number;
  }

  private static long nextInteger(Vr vr, ByteBuffer data) {
    return switch (vr) {
      case US -> data.getShort() & 0xFFFF;
      case SS -> data.getShort();
      case UL -> data.getInt() & 0xFFFFFFFFL;
      case SL -> data.getInt();
      default -> throw new IllegalArgumentException(vr + " holds no whole numbers");
    };
  }

  /** Returns the values as numbers; text that is no number is left out. */
  static List<Double> numbers(Vr vr, Element.Bytes bytes) {
    if (vr == Vr.AT) {
      return List.of();
    }
    if (vr.isText()) {
      List<Double> values = new ArrayList<>();
      strings(vr, bytes).forEach(text -> number(text).ifPresent(values::add));
      return values;
    }
    List<Double> values = new ArrayList<>();
    ByteBuffer data = bytes.data();
    while (vr.isBinaryNumber() && data.remaining() >= vr.size()) {
      values.add(
          switch (vr) {
            case FL -> (double) data.getFloat();
            case FD -> data.getDouble();
            case SV -> (double) data.getLong();
            case UV -> unsigned(data.getLong());
            default -> (double) nextInteger(vr, data);
          });
    }
    return values;
  }

  private static double unsigned(long value) {
    return value >= 0 ? value : Double.parseDouble(Long.toUnsignedString(value));
  }

  private static OptionalDouble number(String text) {
    String digits = text.strip();
    if (digits.isEmpty() || !digits.chars().allMatch(c -> "+-.eE0123456789".indexOf(c) >= 0)) {
      return OptionalDouble.empty();
    }
    try {
      return OptionalDouble.of(Double.parseDouble(digits));
    } catch (NumberFormatException notANumber) {
      return OptionalDouble.empty();
    }
  }

  /**
   * Returns the value field of numbers.
   *
   * @throws IllegalArgumentException if the value representation holds no numbers or one is out of
   *     range
   */
  static byte[] encode(Vr vr, double[] values) {
    ByteBuffer data = ByteBuffer.allocate(values.length * vr.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (double value : values) {
      switch (vr) {
        case FL, OF -> data.putFloat((float) value);
        case FD, OD -> data.putDouble(value);
        default -> throw new IllegalArgumentException(vr + " holds no fractions");
      }
    }
    return data.array();
  }

  static byte[] encode(Vr vr, long[] values) {
    ByteBuffer data = ByteBuffer.allocate(values.length * vr.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (long value : values) {
      switch (vr) {
        case SS -> data.putShort((short) range(vr, value, Short.MIN_VALUE, Short.MAX_VALUE));
        case US, OW -> data.putShort((short) range(vr, value, 0, 0xFFFF));
        case SL -> data.putInt((int) range(vr, value, Integer.MIN_VALUE, Integer.MAX_VALUE));
        case UL, OL -> data.putInt((int) range(vr, value, 0, 0xFFFFFFFFL));
        case SV, UV, OV -> data.putLong(value);
        case AT -> data.putShort((short) (value >>> 16)).putShort((short) value);
        default -> throw new IllegalArgumentException(vr + " holds no whole numbers");
      }
    }
    return data.array();
  }

  private static long range(Vr vr, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%d is out of the range of %s, %d to %d".formatted(value, vr, least, most));
    }
    return value;
  }

  /**
   * Returns a number as a Decimal String of at most 16 characters: exact where that fits, else as
   * near as 16 characters allow.
   *
   * @throws IllegalArgumentException if it is not finite
   */
  static String decimal(double value) {
    if (!Double.isFinite(value)) {
      throw new IllegalArgumentException(value + " cannot be written as DS");
    }
    String text =
        value == Math.rint(value) && Math.abs(value) < EXACT
            ? Long.toString((long) value)
            : Double.toString(value);
    for (int digits = 15; text.length() > 16; digits--) {
      text = String.format(Locale.ROOT, "%." + digits + "g", value);
      String exponent = text.contains("e") ? text.substring(text.indexOf('e')) : "";
      String mantissa = text.substring(0, text.length() - exponent.length());
      text = mantissa.contains(".") ? mantissa.replaceAll("\\.?0+$", "") + exponent : text;
    }
    return text;
  }

  private static String strip(String value) {
    int start = 0;
    int end = value.length();
    while (end > 0 && isPadding(value.charAt(end - 1))) {
      end--;
    }
    while (start < end && value.charAt(start) == ' ') {
      start++;
    }
    return value.substring(start, end);
  }

  private static String stripEnd(String value) {
    int end = value.length();
    while (end > 0 && isPadding(value.charAt(end - 1))) {
      end--;
    }
    return value.substring(0, end);
  }

  private static boolean isPadding(char c) {
    return c == ' ' || c == 0;
  }
}
