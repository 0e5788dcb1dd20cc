package org.llavamed.data;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/**
 * Turns pictures with captions into samples for concept alignment: a request of {@link
 * Instructions}, answered by the caption.
 */
public final class CaptionSamples {
  private CaptionSamples() {}

  /**
   * What was made.
   *
   * @param detailed samples that ask for detail
   * @param brief samples that ask for brevity
   */
  public record Counts(int detailed, int brief) {}

  /** Returns the sample of a picture and its caption. */
  public static Sample sample(String id, String image, String caption, long seed) {
    Turn turn = new Turn(Instructions.of(caption, seed, id), caption.strip());
    return new Sample(id, Optional.of(image), List.of(turn), Optional.empty());
  }

  /**
   * Writes the samples of all pairs.
   *
   * @param pairs JSON list or JSON lines of {@code {"id", "image", "caption"}}
   * @param out the file of samples to make
   * @throws DataException if the pairs cannot be read, one lacks a key or its caption holds the
   *     mark of a picture, or the samples cannot be written
   */
  public static Counts convert(Path pairs, Path out, long seed) {
    try (JsonRecords<Sample> records = JsonRecords.open(pairs, fields -> sample(fields, seed))) {
      SampleWriter.write(out, IntStream.range(0, records.size()).mapToObj(records::get));
      int brief =
          Math.toIntExact(
              IntStream.range(0, records.size())
                  .mapToObj(records::get)
                  .filter(sample -> Instructions.isBrief(sample.turns().get(0).answer()))
                  .count());
      return new Counts(records.size() - brief, brief);
    }
  }

  private static Sample sample(RecordFields record, long seed) {
    RecordFields fields = record.of(record.filled("id"));
    String caption = fields.filled("caption");
    if (caption.contains(Sample.PICTURE_MARK)) {
      throw fields.wrong("caption", "holds the mark " + Sample.PICTURE_MARK);
    }
    return sample(fields.filled("id"), fields.filled("image"), caption, seed);
  }
}
