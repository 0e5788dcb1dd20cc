package org.llavamed.deidentify.internal;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.llavamed.deidentification.ProjectSecret;

/**
 * New names for old, by HMAC-SHA256 with the secret of the project: the same old name has the same
 * new one in all files and runs, and nobody without the secret can tell the old from the new.
 */
final class Pseudonyms {
  private static final String ALGORITHM = "HmacSHA256";
  private static final int UUID_BYTES = 16;
  private static final int NAME_BYTES = 8;

  /** Most days that dates are moved into the past: ten years. */
  static final int MOST_DAYS = 3650;

  private final SecretKeySpec key;

  Pseudonyms(ProjectSecret secret) {
    this.key = new SecretKeySpec(secret.bytes(), ALGORITHM);
  }

  private byte[] code(String use, String value) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      return mac.doFinal((use + '\0' + value).getBytes(StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java lacks " + ALGORITHM + "; use another one", e);
    }
  }

  /** Returns the new UID for an old one: {@code 2.25.} and a UUID of version 8 (RFC 9562). */
  String uid(String uid) {
    byte[] uuid = Arrays.copyOf(code("UID", uid), UUID_BYTES);
    uuid[6] = (byte) ((uuid[6] & 0x0F) | 0x80);
    uuid[8] = (byte) ((uuid[8] & 0x3F) | 0x80);
    return "2.25." + new BigInteger(1, uuid);
  }

  /**
   * Returns a name of 16 hexadecimal digits behind a letter.
   *
   * @param use what is named; the same value has another name for another use
   */
  String name(String use, String value) {
    byte[] start = Arrays.copyOf(code(use, value), NAME_BYTES);
    return use.charAt(0) + HexFormat.of().formatHex(start).toUpperCase(Locale.ROOT);
  }

  /** Returns by how many days the dates of a patient are moved into the past, at least one. */
  int days(String patient) {
    long number = ByteBuffer.wrap(code("Dates", patient)).getLong() >>> 1;
    return 1 + (int) (number % MOST_DAYS);
  }
}
