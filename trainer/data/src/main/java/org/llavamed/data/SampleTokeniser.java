package org.llavamed.data;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
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
  private final List<Own> owns;

  /**
   * A token that only the template may write.
   *
   * @param id its id
   * @param text its text
   * @param once how often it stands in every sample
   * @param ofPicture how often it stands for a picture
   * @param ofAnswer how often it stands behind an answer
   */
  private record Own(int id, String text, int once, int ofPicture, int ofAnswer) {
    int times(int pictures, int answers) {
      return once + ofPicture * pictures + ofAnswer * answers;
    }
  }

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
    this.owns = owns();
  }

  private List<Own> owns() {
    List<Own> own = new ArrayList<>();
    own.add(new Own(picture, slot.token(), 0, slot.positions(), 0));
    for (String mark : List.of(slot.start(), slot.end())) {
      special(mark).ifPresent(id -> own.add(new Own(id, mark, 0, 1, 0)));
    }
    special(template.end()).ifPresent(id -> own.add(new Own(id, template.end(), 0, 0, 1)));
    start.ifPresent(id -> own.add(new Own(id, "of the start", 1, 0, 0)));
    return List.copyOf(own);
  }

  /** Returns the id of a text that is one special token. */
  private OptionalInt special(String text) {
    List<Integer> ids = tokenizer.encode(text);
    boolean special = ids.size() == 1 && tokenizer.decode(ids).isEmpty();
    return special ? OptionalInt.of(ids.get(0)) : OptionalInt.empty();
  }

  /**
   * Returns a sample in tokens; empty where cutting it to the most length leaves not all of its
   * picture, or nothing to learn.
   *
   * @throws DataException if a text of the sample names a token of the model's own, such as that of
   *     the picture or of the end
   */
  public Optional<TokenisedSample> tokenise(Sample sample) {
    String shown = sample.image().isPresent() ? slot.text() : "";
    List<Segment> segments = template.conversation(shown, sample.turns());
    List<Integer> ids = new ArrayList<>();
    start.ifPresent(ids::add);
    int before = ids.size();
    List<Integer> all =
        tokenizer.encode(segments.stream().map(Segment::text).collect(Collectors.joining()));
    ids.addAll(all);
    check(sample, ids);
    List<Integer> labels = new ArrayList<>(Collections.nCopies(before, TokenisedSample.IGNORED));
    labels.addAll(labels(segments, all));
    return cut(sample, ids, labels);
  }

  /** Returns the label of each token of a conversation, as far as the most length goes. */
  private List<Integer> labels(List<Segment> segments, List<Integer> all) {
    List<Integer> labels =
        new ArrayList<>(Collections.nCopies(all.size(), TokenisedSample.IGNORED));
    StringBuilder text = new StringBuilder();
    int from = 0;
    for (int i = 0; i < segments.size() && from < mostLength; i++) {
      text.append(segments.get(i).text());
      int to = i == segments.size() - 1 ? all.size() : border(all, text.toString());
      for (int at = from; at < to && segments.get(i).answer(); at++) {
        labels.set(at, all.get(at));
      }
      from = Math.max(from, to);
    }
    return labels;
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

  /** Fails where a text of the sample names a token of the model's own. */
  private void check(Sample sample, List<Integer> ids) {
    int shown = sample.image().isPresent() ? 1 : 0;
    for (Own own : owns) {
      int expected =
          owns.stream()
              .filter(other -> other.id() == own.id())
              .mapToInt(other -> other.times(shown, sample.turns().size()))
              .sum();
      int found = Collections.frequency(ids, own.id());
      if (found != expected) {
        throw DataException.invalid(
            "sample '%s'".formatted(sample.id()),
            "it has the token '%s' %d times, expected %d: one of its texts names it"
                .formatted(own.text(), found, expected),
            "Take it out of the text");
      }
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
