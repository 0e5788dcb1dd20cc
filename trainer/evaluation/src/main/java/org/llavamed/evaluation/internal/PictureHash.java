package org.llavamed.evaluation.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.llavamed.imaging.Picture;

/** The first digits of the SHA-256 of a picture's file, or of the pixels of one that has none. */
final class PictureHash {
  private static final int DIGITS = 16;

  private PictureHash() {}

  /** Returns the hash of a file; empty where it cannot be read: no answer is about its picture. */
  static String of(Path file) {
    MessageDigest digest = sha256();
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      return "";
    }
    return hex(digest);
  }

  /** Returns the hash of a picture's pixels. */
  static String of(Picture picture) {
    MessageDigest digest = sha256();
    digest.update(
        ByteBuffer.allocate(2 * Integer.BYTES)
            .putInt(picture.width())
            .putInt(picture.height())
            .flip());
    digest.update(picture.pixels());
    return hex(digest);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }

  private static String hex(MessageDigest digest) {
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }
}
