package org.llavamed.result.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The ICC profile of sRGB (IEC 61966-2-1) for objects that must have one: ICC.1:2001-04, an input
 * device of three primaries and a curve. Made here, so that its bytes are the same on every
 * machine.
 */
final class SrgbProfile {
  private static final int HEADER = 128;
  private static final int TAG = 12;
  private static final int CURVE = 1024;
  private static final double ONE = 65536;

  private SrgbProfile() {}

  /** Returns the profile. */
  static byte[] bytes() {
    byte[] curve = curve();
    Map<String, byte[]> tags = new LinkedHashMap<>();
    tags.put("desc", description());
    tags.put("cprt", text("No copyright, use freely"));
    tags.put("wtpt", xyz(0.9642, 1, 0.8249));
    tags.put("rXYZ", xyz(0.43607, 0.22249, 0.01392));
    tags.put("gXYZ", xyz(0.38515, 0.71687, 0.09708));
    tags.put("bXYZ", xyz(0.14307, 0.06061, 0.71410));
    tags.put("rTRC", curve);
    tags.put("gTRC", curve);
    tags.put("bTRC", curve);
    int start = HEADER + 4 + TAG * tags.size();
    int size = start + tags.values().stream().mapToInt(value -> value.length).sum();
    ByteBuffer profile = ByteBuffer.allocate(size);
    putHeader(profile, size);
    profile.putInt(tags.size());
    int offset = start;
    for (Map.Entry<String, byte[]> tag : tags.entrySet()) {
      profile.put(ascii(tag.getKey())).putInt(offset).putInt(tag.getValue().length);
      offset += tag.getValue().length;
    }
    tags.values().forEach(profile::put);
    return profile.array();
  }

  private static void putHeader(ByteBuffer profile, int size) {
    profile.putInt(size).putInt(0).putInt(0x02100000).put(ascii("scnrRGB XYZ "));
    for (int part : new int[] {2026, 1, 1, 0, 0, 0}) {
      profile.putShort((short) part);
    }
    profile.put(ascii("acsp"));
    profile.position(68);
    profile.putInt(fixed(0.9642)).putInt(fixed(1)).putInt(fixed(0.8249));
    profile.position(HEADER);
  }

  private static byte[] description() {
    byte[] name = ascii("sRGB\0");
    ByteBuffer value = ByteBuffer.allocate(96 + 4); // 12 + the name, empty Unicode and script names
    value.put(ascii("desc")).putInt(0).putInt(name.length).put(name);
    return value.array();
  }

  private static byte[] text(String text) {
    ByteBuffer value = ByteBuffer.allocate(8 + (text.length() / 4 + 1) * 4);
    return value.put(ascii("text")).putInt(0).put(ascii(text)).array();
  }

  private static byte[] xyz(double x, double y, double z) {
    ByteBuffer value = ByteBuffer.allocate(20).put(ascii("XYZ ")).putInt(0);
    return value.putInt(fixed(x)).putInt(fixed(y)).putInt(fixed(z)).array();
  }

  private static byte[] curve() {
    ByteBuffer value = ByteBuffer.allocate(12 + 2 * CURVE).put(ascii("curv")).putInt(0);
    value.putInt(CURVE);
    for (int i = 0; i < CURVE; i++) {
      double v = (double) i / (CURVE - 1);
      double linear = v <= 0.04045 ? v / 12.92 : StrictMath.pow((v + 0.055) / 1.055, 2.4);
      value.putShort((short) Math.round(linear * 0xFFFF));
    }
    return value.array();
  }

  private static int fixed(double value) {
    return (int) Math.round(value * ONE);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
