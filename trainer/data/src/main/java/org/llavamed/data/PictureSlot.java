package org.llavamed.data;

import java.util.List;
import org.llavamed.preprocess.Tokenizer;

/**
 * What stands for a picture in a prompt.
 *
 * @param token the text of the picture token, for example {@code <image>}
 * @param positions how often it stands there: once for each feature of the vision tower
 * @param start text of the token before them; may be empty
 * @param end text of the token behind them; may be empty
 */
public record PictureSlot(String token, int positions, String start, String end) {
  private static final String START = "<im_start>";
  private static final String END = "<im_end>";

  public PictureSlot {
    if (token.isEmpty() || positions < 1) {
      throw new IllegalArgumentException(
          "A picture has %d positions of the token '%s', expected 1 or more of a token with a text"
              .formatted(positions, token));
    }
  }

  /**
   * Returns the slot as LLaVA-Med writes it: between {@code <im_start>} and {@code <im_end>} where
   * the tokenizer has both, as that of v1.0 does; without them else.
   */
  public static PictureSlot of(Tokenizer tokenizer, String token, int positions) {
    List<Integer> before = tokenizer.encode(START);
    List<Integer> behind = tokenizer.encode(END);
    // Where both are the token of what is not known, they are none.
    boolean marks = before.size() == 1 && behind.size() == 1 && !before.equals(behind);
    return new PictureSlot(token, positions, marks ? START : "", marks ? END : "");
  }

  /** Returns the text of the whole slot. */
  public String text() {
    return start + token.repeat(positions) + end;
  }

  /**
   * Returns the id of the picture token.
   *
   * @throws DataException if the tokenizer makes anything but one token of its text
   */
  int id(Tokenizer tokenizer) {
    List<Integer> ids = tokenizer.encode(token);
    if (ids.size() != 1) {
      throw DataException.invalid(
          "tokenizer.json",
          "'%s' becomes the tokens %s, expected one".formatted(token, ids),
          "Name the picture token of the model");
    }
    return ids.get(0);
  }
}
