package org.llavamed.model.internal;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import org.llavamed.imaging.Picture;

/**
 * Keeps what the vision tower made of the pictures that were looked at last. A picture is known by
 * its content, not by the SOP Instance UID of the object that it was rendered from: one instance
 * gives other pictures with another frame or window, and equal pictures of two instances give equal
 * features. Safe for use by several threads.
 */
final class FeatureCache {
  private final String preparation;
  private final LruCache<String, Features> kept;

  /**
   * Starts empty.
   *
   * @param preparation the preparation of pictures in one word, which is part of what is hashed
   * @param mostBytes of all features together
   */
  FeatureCache(String preparation, long mostBytes) {
    this.preparation = preparation;
    this.kept = new LruCache<>(mostBytes);
  }

  /** Returns the SHA-256 of a picture's preparation, size, channels and pixels. */
  String key(Picture picture) {
    MessageDigest digest = sha256();
    digest.update(
        "%s %d %d %d "
            .formatted(preparation, picture.width(), picture.height(), picture.channels())
            .getBytes(StandardCharsets.UTF_8));
    ByteBuffer pixels = picture.pixels();
    digest.update(pixels);
    return HexFormat.of().formatHex(digest.digest());
  }

  /** Returns the features of a key, where they are kept. */
  synchronized Optional<Features> get(String key) {
    return kept.get(key);
  }

  /** Keeps features, and returns them or those that another thread was faster to keep. */
  synchronized Features keep(String key, Features features) {
    Optional<Features> before = kept.get(key);
    if (before.isPresent()) {
      return before.get();
    }
    kept.put(key, features, features.bytes());
    return features;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every Java platform has SHA-256", e);
    }
  }
}
