package org.llavamed.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/**
 * A file of samples in LLaVA's format: a JSON list, or JSON lines, of {@code {"id", "image",
 * "conversations": [{"from": "human"|"gpt", "value"}]}}; the misspelt {@code conversatons} of
 * released files is read too. Opening it checks every sample; then a sample is read from the file
 * whenever it is asked for, so that files of a million samples need little memory. Safe for use by
 * several threads. The one who opens it closes it.
 *
 * <p>Questions and answers take turns, beginning with a question. {@code <image>} may stand in one
 * question, and is taken out; the picture is shown with the first question, also where no mark
 * stands. Blanks around a text are taken off.
 */
public final class SampleFile implements AutoCloseable {
  private static final String CONVERSATIONS = "conversations";
  private static final String MISSPELT = "conversatons";

  private final Path file;
  private final JsonRecords<Sample> records;

  private SampleFile(Path file, JsonRecords<Sample> records) {
    this.file = file;
    this.records = records;
  }

  /**
   * Opens a file.
   *
   * @throws DataException if it cannot be read or a sample in it is wrong; the message names file,
   *     record, id and key
   */
  public static SampleFile open(Path file) {
    return new SampleFile(file, JsonRecords.open(file, SampleFile::sample));
  }

  /** Returns the file. */
  public Path file() {
    return file;
  }

  /** Returns the number of samples. */
  public int size() {
    return records.size();
  }

  /**
   * Reads a sample.
   *
   * @param index from 0, below {@link #size()}
   * @throws DataException if the file cannot be read any more
   */
  public Sample get(int index) {
    return records.get(index);
  }

  /** Returns the samples in the file's order, each read when its turn comes. */
  public Stream<Sample> stream() {
    return IntStream.range(0, size()).mapToObj(this::get);
  }

  @Override
  public void close() {
    records.close();
  }

  private static Sample sample(RecordFields record) {
    String id = record.filled("id");
    RecordFields fields = record.of(id);
    Optional<String> image = fields.optional("image");
    return new Sample(
        id, image, turns(fields, image.isPresent()), fields.object("vqa").map(SampleFile::vqa));
  }

  private static VqaMeta vqa(RecordFields fields) {
    return new VqaMeta(
        fields.filled("question_id"),
        fields.answerType("answer_type"),
        fields.optional("question_type"),
        fields.optional("organ"),
        fields.filled("split"));
  }

  private static List<Turn> turns(RecordFields fields, boolean picture) {
    if (fields.has(CONVERSATIONS) && fields.has(MISSPELT)) {
      throw fields.wrong("it has both '%s' and '%s'".formatted(CONVERSATIONS, MISSPELT));
    }
    String key = fields.has(MISSPELT) ? MISSPELT : CONVERSATIONS;
    List<RecordFields> texts = fields.objects(key);
    if (texts.isEmpty() || texts.size() % 2 != 0) {
      throw fields.wrong(
          key, "has %d texts, expected questions and answers in pairs".formatted(texts.size()));
    }
    List<Turn> turns = new ArrayList<>();
    int marks = 0;
    for (int i = 0; i < texts.size(); i += 2) {
      String question = spoken(texts.get(i), "human", i);
      String answer = spoken(texts.get(i + 1), "gpt", i + 1);
      marks += marks(question);
      if (answer.contains(Sample.PICTURE_MARK) || answer.isBlank()) {
        throw fields.wrong(
            key,
            "has a text %d that is blank or holds %s, expected an answer"
                .formatted(i + 2, Sample.PICTURE_MARK));
      }
      turns.add(new Turn(question.replace(Sample.PICTURE_MARK, "").strip(), answer.strip()));
    }
    if (marks > (picture ? 1 : 0)) {
      throw fields.wrong(
          key,
          "has the mark %s %d times, expected as often as there are pictures (%d)"
              .formatted(Sample.PICTURE_MARK, marks, picture ? 1 : 0));
    }
    return turns;
  }

  private static String spoken(RecordFields text, String speaker, int index) {
    String from = text.text("from");
    if (!from.equals(speaker)) {
      throw text.wrong("text %d is from '%s', expected '%s'".formatted(index + 1, from, speaker));
    }
    return text.text("value");
  }

  private static int marks(String text) {
    return (text.length() - text.replace(Sample.PICTURE_MARK, "").length())
        / Sample.PICTURE_MARK.length();
  }
}
