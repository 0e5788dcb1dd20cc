package org.llavamed.learning.loop;

import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavamed.data.TokenisedSample;
import org.llavamed.learning.model.PictureHead.Asked;

/**
 * Samples that are read together, before they become tensors: all with a picture or all without.
 *
 * @param samples of the batch; there may be none
 * @param pictures file of each sample's picture; empty where they have none
 * @param pixels of all pictures one after the other, each as a {@link
 *     org.llavamed.preprocess.PixelTensor} has it; absent where there are none, or their features
 *     are kept on disk
 * @param asked classes of the pictures, where these are learned instead of answers
 */
record HostBatch(
    List<TokenisedSample> samples,
    List<Path> pictures,
    Optional<FloatBuffer> pixels,
    List<Asked> asked) {
  HostBatch {
    samples = List.copyOf(samples);
    pictures = List.copyOf(pictures);
    asked = List.copyOf(asked);
  }

  boolean isEmpty() {
    return samples.isEmpty();
  }

  /**
   * Returns how many tokens are learned, or pictures where classes are; a row's first token has
   * nothing before it to learn it from.
   */
  long learned() {
    if (!asked.isEmpty()) {
      return pictures.size();
    }
    return samples.stream()
        .flatMap(sample -> sample.labels().stream().skip(1))
        .filter(label -> label != TokenisedSample.IGNORED)
        .count();
  }

  /** Returns the positions of all samples, without what fills the shorter ones up. */
  long positions() {
    return samples.stream().mapToLong(TokenisedSample::length).sum();
  }

  /**
   * Returns the token ids, shape [B, T]: shorter samples are filled up behind.
   *
   * @param filler id that fills up; not that of the picture
   */
  LongBuffer ids(int filler) {
    return filled(samples.stream().map(TokenisedSample::ids).toList(), filler);
  }

  /** Returns the labels, shape [B, T]. */
  LongBuffer labels() {
    return filled(samples.stream().map(TokenisedSample::labels).toList(), TokenisedSample.IGNORED);
  }

  private static LongBuffer filled(List<List<Integer>> rows, int filler) {
    int length = rows.stream().mapToInt(List::size).max().orElse(0);
    LongBuffer all = LongBuffer.allocate(Math.multiplyExact(rows.size(), length));
    for (List<Integer> row : rows) {
      row.forEach(all::put);
      for (int i = row.size(); i < length; i++) {
        all.put(filler);
      }
    }
    return all.flip();
  }
}
