package org.llavamed.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavamed.preprocess.ConversationTemplate;
import org.llavamed.preprocess.ConversationTemplate.Segment;
import org.llavamed.preprocess.Tokenizer;

/**
 * Turns samples into token ids and labels. The ids are those of the whole conversation's text with
 * the start token before it. Answers with what ends them are learned, all else is not. A token that
 * spans the border of two parts of the text counts as of the second. Safe for use by several
 * threads.
 */
public final class SampleTokeniser {
  private final Tokenizer tokenizer;
  private final ConversationTemplate template;
  private final PictureSlot slot;
  private final OptionalInt start;
  private final int picture;
  private final int mostLength;

  /**
   * Takes what a model reads with.
   *
   * @param tokenizer stays the caller's, who closes it
   * @param start id of the token that begins every text; empty where there is none
   * @param mostLength positions of a sample at most, picture included; what is longer is cut
   * @throws DataException if the tokenizer makes anything but one token of the picture's text
   */
  public SampleTokeniser(
      Tokenizer tokenizer,
      ConversationTemplate template,
      PictureSlot slot,
      OptionalInt start,
      int mostLength) {
    this.tokenizer = tokenizer;
    this.template = template;
    this.slot = slot;
    this.start = start;
    this.picture = slot.id(tokenizer);
    this.mostLength = mostLength;
  }

  /**
   * Returns a sample in tokens; empty where cutting it to the most length leaves not all of its
   * picture, or nothing to learn.
   *
   * @throws DataException if a text of the sample names the picture token
   */
  public Optional<TokenisedSample> tokenise(Sample sample) {
    String shown = sample.image().isPresent() ? slot.text() : "";
    List<Segment> segments = template.conversation(shown, sample.turns());
    List<Integer> ids = new ArrayList<>();
    start.ifPresent(ids::add);
    int before = ids.size();
    StringBuilder text = new StringBuilder();
    segments.forEach(segment -> text.append(segment.text()));
    List<Integer> all = tokenizer.encode(text.toString());
    ids.addAll(all);
    checkPicture(sample, ids);
    List<Integer> labels =
        new ArrayList<>(Collections.nCopies(ids.size(), TokenisedSample.IGNORED));
    int written = 0;
    int from = 0;
    for (int i = 0; i < segments.size() && before + from < mostLength; i++) {
      written += segments.get(i).text().length();
      boolean last = i == segments.size() - 1;
      int to = last ? all.size() : border(all, text.substring(0, written));
      if (segments.get(i).answer()) {
        for (int at = from; at < to; at++) {
          labels.set(before + at, all.get(at));
        }
      }
      from = Math.max(from, to);
    }
    return cut(sample, ids, labels);
  }

  /** Returns how many of the tokens are of a beginning of their text alone. */
  private int border(List<Integer> all, String beginning) {
    List<Integer> first = tokenizer.encode(beginning);
    int same = 0;
    while (same < first.size() && same < all.size() && first.get(same).equals(all.get(same))) {
      same++;
    }
    return same;
  }

  private void checkPicture(Sample sample, List<Integer> ids) {
    int expected = sample.image().isPresent() ? slot.positions() : 0;
    int found = Collections.frequency(ids, picture);
    if (found != expected) {
      throw DataException.invalid(
          "sample '%s'".formatted(sample.id()),
          "it has the picture token %d times, expected %d: one of its texts names '%s'"
              .formatted(found, expected, slot.token()),
          "Take it out of the text");
    }
  }

  private Optional<TokenisedSample> cut(Sample sample, List<Integer> ids, List<Integer> labels) {
    int length = Math.min(mostLength, ids.size());
    var kept =
        new TokenisedSample(
            sample.id(),
            ids.subList(0, length),
            labels.subList(0, length),
            sample.image().isPresent() ? slot.positions() : 0);
    boolean whole = Collections.frequency(kept.ids(), picture) == kept.pictures();
    return whole && kept.learned() > 0 ? Optional.of(kept) : Optional.empty();
  }
}
