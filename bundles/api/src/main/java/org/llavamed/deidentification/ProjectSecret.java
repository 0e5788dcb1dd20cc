package org.llavamed.deidentification;

import java.security.SecureRandom;

/**
 * What all pseudonyms, new UIDs and date shifts of a project are derived from. Who has it can tell
 * which original a pseudonym belongs to by trying; it is never written anywhere.
 */
public final class ProjectSecret {
  /** Fewest bytes of a secret. */
  public static final int FEWEST_BYTES = 16;

  private static final int RANDOM_BYTES = 32;

  private final byte[] bytes;

  private ProjectSecret(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * Returns a secret of these bytes.
   *
   * @throws IllegalArgumentException if there are fewer than {@value #FEWEST_BYTES}
   */
  public static ProjectSecret of(byte[] bytes) {
    if (bytes.length < FEWEST_BYTES) {
      throw new IllegalArgumentException(
          "the secret has %d bytes, expected at least %d".formatted(bytes.length, FEWEST_BYTES));
    }
    return new ProjectSecret(bytes.clone());
  }

  /** Returns a new secret, which is gone with the process. */
  public static ProjectSecret random() {
    byte[] bytes = new byte[RANDOM_BYTES];
    new SecureRandom().nextBytes(bytes);
    return new ProjectSecret(bytes);
  }

  /** Returns a copy of the bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  @Override
  public String toString() {
    return "secret";
  }
}
