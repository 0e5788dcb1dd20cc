package org.llavamed.evaluation.internal;

import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.llavamed.data.DataException;
import org.llavamed.data.VqaQuestion;
import org.llavamed.data.WholeFile;
import org.llavamed.inference.Answer;

/**
 * The answers of a model, kept line by line in {@code NAME.part} while it is asked, so that an
 * interrupted run goes on where it was; renamed when it is whole.
 */
final class AnswerStore implements AutoCloseable {
  private final Path file;
  private final Path part;
  private final String model;
  private final String setting;
  private final Sight sight;
  private final Map<String, AnswerLine> lines = new HashMap<>();
  private final Writer writer;

  private AnswerStore(Path file, Path part, String model, String setting, Sight sight)
      throws IOException {
    this.file = file;
    this.part = part;
    this.model = model;
    this.setting = setting;
    this.sight = sight;
    this.writer =
        Files.newBufferedWriter(part, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  /**
   * Opens the answers of a file, or those that an interrupted run left beside it.
   *
   * @param model identity of the model
   * @param setting what is asked how
   * @param questions all that are asked
   * @param sight which pictures are shown
   * @throws DataException if there are answers to something else, or the file cannot be written
   */
  static AnswerStore open(
      Path file, String model, String setting, List<VqaQuestion> questions, Sight sight) {
    Path part = file.resolveSibling(file.getFileName() + ".part");
    Path known = Files.exists(part) ? part : file;
    List<AnswerLine> lines = Files.exists(known) ? AnswerFile.readWhole(known) : List.of();
    expectSame(known, lines, model, setting, questions);
    expectSamePictures(known, lines, questions, sight);
    WholeFile.write(part, text(lines));
    try {
      var store = new AnswerStore(file, part, model, setting, sight);
      lines.forEach(line -> store.lines.put(line.questionId(), line));
      return store;
    } catch (IOException e) {
      throw DataException.unwritable(part, e);
    }
  }

  private static void expectSame(
      Path file, List<AnswerLine> lines, String model, String setting, List<VqaQuestion> all) {
    Map<String, VqaQuestion> questions =
        all.stream().collect(Collectors.toMap(VqaQuestion::id, one -> one));
    for (AnswerLine line : lines) {
      VqaQuestion question = questions.get(line.questionId());
      String found =
          !line.model().equals(model)
              ? "it has answers of the model %s, expected %s".formatted(line.model(), model)
              : !line.setting().equals(setting)
                  ? "it has answers to '%s', expected '%s'".formatted(line.setting(), setting)
                  : question == null || !line.isOf(question)
                      ? "it has an answer to the question '%s', which is not in the split"
                          .formatted(line.questionId())
                      : "";
      if (!found.isEmpty()) {
        throw DataException.invalid(file, found, "Name another --out, or remove the file");
      }
    }
  }

  private static void expectSamePictures(
      Path file, List<AnswerLine> lines, List<VqaQuestion> all, Sight sight) {
    Map<String, String> pictures =
        lines.stream()
            .collect(Collectors.toMap(AnswerLine::questionId, AnswerLine::picture, (a, b) -> b));
    for (VqaQuestion question : all) {
      String known = pictures.get(question.id());
      if (known != null && !known.equals(sight.hash(question))) {
        throw DataException.invalid(
            file,
            "it has an answer to the question '%s' about another picture than is shown now"
                .formatted(question.id()),
            "Name another --out, or remove the file");
      }
    }
  }

  private static String text(Collection<AnswerLine> lines) {
    return lines.stream().map(AnswerFile::text).collect(Collectors.joining());
  }

  /** Returns whether a question is answered. */
  boolean has(VqaQuestion question) {
    return lines.containsKey(question.id());
  }

  /**
   * Keeps an answer.
   *
   * @throws DataException if it cannot be written
   */
  void add(VqaQuestion question, Answer answer) {
    AnswerLine line =
        new AnswerLine(
            question.id(),
            question.question(),
            answer.text(),
            model,
            setting,
            sight.hash(question),
            OptionalDouble.of(answer.probability()));
    try {
      writer.write(AnswerFile.text(line));
      writer.flush();
    } catch (IOException e) {
      throw DataException.unwritable(part, e);
    }
    lines.put(question.id(), line);
  }

  /**
   * Writes the file, in the order of the questions, and returns the answers.
   *
   * @throws DataException if it cannot be written
   */
  List<Answered> finish(List<VqaQuestion> questions) {
    List<VqaQuestion> answered = questions.stream().filter(this::has).toList();
    WholeFile.write(file, text(answered.stream().map(this::line).toList()));
    close();
    try {
      Files.delete(part);
    } catch (IOException e) {
      throw DataException.unwritable(part, e);
    }
    return answered.stream()
        .map(one -> new Answered(one, line(one).text(), line(one).probability()))
        .toList();
  }

  private AnswerLine line(VqaQuestion question) {
    AnswerLine line = lines.get(question.id());
    if (line == null) {
      throw new IllegalStateException("no answer to " + question.id());
    }
    return line;
  }

  @Override
  public void close() {
    try {
      writer.close();
    } catch (IOException e) {
      throw DataException.unwritable(part, e);
    }
  }
}
