package org.llavamed.data;

import java.util.List;

/**
 * A sample as a model is trained with it.
 *
 * @param id the sample's name
 * @param ids token ids, shape [T]; the picture token at each position of the picture
 * @param labels shape [T]: at each position the id that is learned there, {@value #IGNORED} where
 *     none is. Position t is learned from the positions before it, so that the logits of position t
 *     - 1 belong to the label of position t
 * @param pictures positions of the picture among the ids; 0 without one
 */
public record TokenisedSample(String id, List<Integer> ids, List<Integer> labels, int pictures) {
  /** The label of what is not learned. */
  public static final int IGNORED = -100;

  public TokenisedSample {
    ids = List.copyOf(ids);
    labels = List.copyOf(labels);
    if (ids.size() != labels.size()) {
      throw new IllegalArgumentException(
          "The sample '%s' has %d ids and %d labels, expected as many"
              .formatted(id, ids.size(), labels.size()));
    }
  }

  /** Returns T. */
  public int length() {
    return ids.size();
  }

  /** Returns how many labels are learned. */
  public int learned() {
    return Math.toIntExact(labels.stream().filter(label -> label != IGNORED).count());
  }
}
