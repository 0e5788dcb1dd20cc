package org.llavamed.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/**
 * The questions of a folder: what {@code llavamed data} writes (train.json, validation.json,
 * test.json, images), or VQA-RAD's own layout (trainset.json, testset.json, images).
 *
 * @param folder the folder
 * @param questions in the order of the files
 */
public record VqaSet(Path folder, List<VqaQuestion> questions) {
  /** The folder of the pictures in it. */
  public static final String IMAGES = "images";

  private static final List<String> SPLITS = List.of(Splits.TRAIN, Splits.VALIDATION, Splits.TEST);

  /** Parts of those, in files of their own. */
  private static final List<String> SUBSETS =
      List.of(Splits.DISJOINT_TRAIN, Splits.DISJOINT_VALIDATION);

  /**
   * Questions of a file.
   *
   * @param file where they are
   * @param questions at least one
   */
  public record Part(Path file, List<VqaQuestion> questions) {
    public Part {
      questions = List.copyOf(questions);
    }
  }

  public VqaSet {
    questions = List.copyOf(questions);
  }

  /**
   * Reads a folder.
   *
   * @throws DataException if it holds neither layout, or a question in it is wrong
   */
  public static VqaSet read(Path folder) {
    boolean own = !VqaLayout.VQA_RAD.files(folder).isEmpty();
    List<VqaQuestion> questions = own ? VqaLayout.VQA_RAD.read(folder) : converted(folder);
    Set<String> ids = new HashSet<>();
    for (VqaQuestion question : questions) {
      if (!ids.add(question.id())) {
        throw DataException.invalid(
            folder,
            "two questions have the id '%s'".formatted(question.id()),
            "Give each question an id of its own");
      }
    }
    return new VqaSet(folder, questions);
  }

  /**
   * Returns the questions of a split, or of a part of one that has a file of its own: {@code
   * disjoint-train} and {@code disjoint-validation} in folders that {@code llavamed data} wrote.
   *
   * @throws DataException if there is none
   */
  public Part part(String name) {
    return findPart(name)
        .orElseThrow(
            () ->
                DataException.invalid(
                    folder,
                    "it has no question of the split '%s'".formatted(name),
                    "Name one of "
                        + Stream.concat(SPLITS.stream(), SUBSETS.stream())
                            .filter(one -> findPart(one).isPresent())
                            .toList()));
  }

  /**
   * Returns the questions of {@link #part(String)}.
   *
   * @throws DataException if there is none
   */
  public List<VqaQuestion> split(String name) {
    return part(name).questions();
  }

  /**
   * Returns the same as {@link #part(String)}; empty where there is none.
   *
   * @throws DataException if the file of a part is wrong
   */
  public Optional<Part> findPart(String name) {
    Path file = file(name);
    List<VqaQuestion> found =
        SUBSETS.contains(name)
            ? converted(folder, file, name)
            : questions.stream().filter(q -> q.split().equals(name)).toList();
    return found.isEmpty() ? Optional.empty() : Optional.of(new Part(file, found));
  }

  private Path file(String split) {
    return VqaLayout.VQA_RAD.parts().stream()
        .filter(part -> part.split().equals(split))
        .map(part -> folder.resolve(part.names().get(0)))
        .filter(Files::exists)
        .findFirst()
        .orElse(folder.resolve(split + ".json"));
  }

  private static List<VqaQuestion> converted(Path folder) {
    List<VqaQuestion> questions = new ArrayList<>();
    for (String split : SPLITS) {
      questions.addAll(converted(folder, folder.resolve(split + ".json"), split));
    }
    if (questions.isEmpty()) {
      throw DataException.invalid(
          folder,
          "it holds neither train.json or test.json nor trainset.json and testset.json with"
              + " questions",
          "Name a folder that 'llavamed data' wrote, or VQA-RAD's own");
    }
    return questions;
  }

  /** Returns the questions of a file; none where it is not there. */
  private static List<VqaQuestion> converted(Path folder, Path file, String split) {
    if (!Files.exists(file)) {
      return List.of();
    }
    try (SampleFile samples = SampleFile.open(file)) {
      return samples.stream().map(sample -> question(folder, file, split, sample)).toList();
    }
  }

  private static VqaQuestion question(Path folder, Path file, String split, Sample sample) {
    if (sample.image().isEmpty() || sample.vqa().isEmpty() || sample.turns().size() != 1) {
      throw DataException.invalid(
          "%s: id '%s'".formatted(file, sample.id()),
          "it is no question about a picture: the keys 'image' and 'vqa' and one question with its"
              + " answer are needed",
          "Name a folder that 'llavamed data' wrote");
    }
    VqaMeta vqa = sample.vqa().get();
    Turn turn = sample.turns().get(0);
    if (turn.question().isBlank()) {
      throw DataException.invalid(
          "%s: id '%s'".formatted(file, sample.id()),
          "its question is blank, expected what is asked of the picture",
          "Write a question, or take the record out");
    }
    return new VqaQuestion(
        vqa.questionId(),
        new PictureFolder(folder.resolve(IMAGES)).file(sample.image().get()),
        sample.image().get(),
        turn.question(),
        turn.answer(),
        vqa.answerType(),
        vqa.questionType(),
        vqa.organ(),
        split);
  }
}
