package org.llavamed.learning.loop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.llavamed.data.Sample;
import org.llavamed.data.TrainingData;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.model.PictureHead.Asked;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/** The questions of samples, and the answers of each, which are its classes. Immutable. */
final class PictureClasses {
  private final Map<String, Question> questions = new LinkedHashMap<>();

  /**
   * A question.
   *
   * @param number from 0
   * @param answers each with the number of its class, from 0
   */
  private record Question(int number, Map<String, Integer> answers) {}

  /**
   * Reads all samples once.
   *
   * @throws TrainingException if one has no picture
   */
  PictureClasses(TrainingData data) {
    for (int i = 0; i < data.size(); i++) {
      Sample sample = data.get(i).sample();
      if (sample.image().isEmpty()) {
        throw TrainingException.invalid(
            "sample '%s'".formatted(sample.id()),
            "it has no picture that could be told apart from others",
            "Take it out of the data, or let the recipe's objective be answers");
      }
      Turn turn = sample.turns().get(0);
      Map<String, Integer> answers =
          questions
              .computeIfAbsent(
                  turn.question(), text -> new Question(questions.size(), new LinkedHashMap<>()))
              .answers();
      answers.putIfAbsent(turn.answer(), answers.size());
    }
  }

  /** Returns how many classes each question has. */
  List<Integer> sizes() {
    return questions.values().stream().map(question -> question.answers().size()).toList();
  }

  /**
   * Returns what is asked of the pictures of a batch; the first question of each sample counts.
   *
   * @param batch samples that were read
   */
  List<Asked> asked(List<Sample> batch) {
    Map<Integer, Asked> asked = new TreeMap<>();
    for (int row = 0; row < batch.size(); row++) {
      Turn turn = batch.get(row).turns().get(0);
      Question question = questions.get(turn.question());
      Integer answer = question == null ? null : question.answers().get(turn.answer());
      if (question == null || answer == null) {
        throw new IllegalArgumentException(
            "The sample '%s' is none of those that were read".formatted(batch.get(row).id()));
      }
      Asked rows =
          asked.computeIfAbsent(
              question.number(), of -> new Asked(of, new ArrayList<>(), new ArrayList<>()));
      rows.rows().add(row);
      rows.answers().add(answer);
    }
    return List.copyOf(asked.values());
  }
}
