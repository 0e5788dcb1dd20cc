package org.llavamed.data;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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
   * Returns the questions of a split.
   *
   * @throws DataException if there is none
   */
  public List<VqaQuestion> split(String name) {
    List<VqaQuestion> found = questions.stream().filter(q -> q.split().equals(name)).toList();
    if (found.isEmpty()) {
      throw DataException.invalid(
          folder,
          "it has no question of the split '%s'".formatted(name),
          "Name one of " + questions.stream().map(VqaQuestion::split).distinct().toList());
    }
    return found;
  }

  private static List<VqaQuestion> converted(Path folder) {
    List<VqaQuestion> questions = new ArrayList<>();
    for (String split : SPLITS) {
      Path file = folder.resolve(split + ".json");
      if (Files.exists(file)) {
        try (SampleFile samples = SampleFile.open(file)) {
          samples.stream()
              .map(sample -> question(folder, file, split, sample))
              .forEach(questions::add);
        }
      }
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
