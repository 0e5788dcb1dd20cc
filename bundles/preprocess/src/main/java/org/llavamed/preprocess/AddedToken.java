package org.llavamed.preprocess;

/**
 * A token that is added to a tokenizer's own: a text that contains its content is cut there.
 *
 * @param id its number
 * @param content its text, for example {@code <im_start>}
 * @param special whether decoding leaves it out
 * @param eatsBefore whether white space before it belongs to it
 * @param eatsBehind whether white space behind it belongs to it
 */
public record AddedToken(
    int id, String content, boolean special, boolean eatsBefore, boolean eatsBehind) {
  public AddedToken {
    if (id < 0 || content.isEmpty()) {
      throw new IllegalArgumentException(
          "The added token '%s' has the id %d, expected a text and an id of 0 or more."
              .formatted(content, id));
    }
  }

  /** A special token that leaves the white space around it to its neighbours. */
  public static AddedToken special(int id, String content) {
    return new AddedToken(id, content, true, false, false);
  }
}
