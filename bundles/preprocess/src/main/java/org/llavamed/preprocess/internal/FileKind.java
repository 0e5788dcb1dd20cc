package org.llavamed.preprocess.internal;

import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** Kinds of picture files, told by how they begin. */
enum FileKind {
  PNG("89504e470d0a1a0a"),
  JPEG("ffd8ff"),
  GIF("474946383761", "474946383961"),
  BMP("424d"),
  TIFF("49492a00", "4d4d002a");

  /** Bytes that are needed to tell. */
  static final int HEAD = 8;

  private final String signatures;

  FileKind(String... signatures) {
    this.signatures = String.join(" ", signatures);
  }

  /** Returns the kind of a file that begins like this, or null. */
  static @Nullable FileKind of(byte[] head) {
    String begin = HexFormat.of().formatHex(head);
    for (FileKind kind : values()) {
      if (Arrays.stream(kind.signatures.split(" ")).anyMatch(begin::startsWith)) {
        return kind;
      }
    }
    return null;
  }
}
