package org.llavamed.result.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Hashes, and the identifiers that are made of them. */
final class Hashes {
  private static final int UUID_BYTES = 16;

  private Hashes() {}

  /** Returns the SHA-256 of the UTF-8 form of a text, 64 lower-case hexadecimal digits. */
  static String sha256(String text) {
    return sha256(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Returns the SHA-256 of some bytes, 64 lower-case hexadecimal digits. */
  static String sha256(byte[] bytes) {
    return HexFormat.of().formatHex(digest(bytes));
  }

  /** Writes something and returns the SHA-256 of it, 64 lower-case hexadecimal digits. */
  static String sha256(ResultFiles.Content content, OutputStream out) throws IOException {
    DigestOutputStream digest = new DigestOutputStream(out, algorithm());
    content.writeTo(digest);
    return HexFormat.of().formatHex(digest.getMessageDigest().digest());
  }

  /**
   * Returns a UID under the root 2.25 (PS3.5 annex B.2): the SHA-256 of the parts makes a UUID of
   * version 8 (RFC 9562 section 5.8). The same parts give the same UID.
   *
   * @param parts none of them holds a line feed
   */
  static String uid(String... parts) {
    byte[] uuid =
        Arrays.copyOf(
            digest(String.join("\n", parts).getBytes(StandardCharsets.UTF_8)), UUID_BYTES);
    uuid[6] = (byte) ((uuid[6] & 0x0F) | 0x80);
    uuid[8] = (byte) ((uuid[8] & 0x3F) | 0x80);
    return "2.25." + new BigInteger(1, uuid);
  }

  private static byte[] digest(byte[] bytes) {
    return algorithm().digest(bytes);
  }

  private static MessageDigest algorithm() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }
}
