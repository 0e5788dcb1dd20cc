package org.llavamed.evaluation.internal;

import java.util.Locale;

/**
 * What a model that looks at the picture has to beat: the model itself without the picture, and
 * answers that are had without any model.
 */
enum Control {
  /** The model, shown a picture of one colour. */
  BLANK(true, "the model shown one plain grey picture"),

  /** The model, shown random colours. */
  NOISE(true, "the model shown 14 x 14 squares of random colours"),

  /** The model, shown the picture of another question. */
  OTHER_PICTURE(true, "the model shown another picture of the split"),

  /** The most frequent answer of the train split, of open and of closed questions. */
  MOST_FREQUENT(false, "the most frequent train answer of open or closed questions"),

  /** The same for each question type alone. */
  MOST_FREQUENT_BY_TYPE(false, "the most frequent train answer of the question type"),

  /** The answer of the most similar train question, whatever its picture. */
  NEAREST_QUESTION(false, "the answer of the most similar train question"),

  /** The same among the train questions about the same picture. */
  NEAREST_QUESTION_SAME_PICTURE(
      false, "the answer of the most similar train question about the same picture"),

  /** "yes no" and the words that open train answers have most. */
  CONSTANT(false, "'yes no' and the 60 commonest words of open train answers");

  private final boolean pixels;
  private final String description;

  Control(boolean pixels, String description) {
    this.pixels = pixels;
    this.description = description;
  }

  /** Returns whether the model has to be asked for it. */
  boolean needsModel() {
    return pixels;
  }

  /** Returns what it is, in words. */
  String description() {
    return description;
  }

  /** Returns the name as printed, written and given. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
