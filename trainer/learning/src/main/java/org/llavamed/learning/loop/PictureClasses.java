package org.llavamed.learning.loop;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.data.Sample;
import org.llavamed.data.TrainingData;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.model.PictureHead.Asked;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/** The questions of samples, and the answers of each, which are its classes. Immutable. */
final class PictureClasses {
  private final Map<String, Map<String, Integer>> answers = new LinkedHashMap<>();
  private final List<String> questions;

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
      Map<String, Integer> of =
          answers.computeIfAbsent(turn.question(), question -> new LinkedHashMap<>());
      of.putIfAbsent(turn.answer(), of.size());
    }
    questions = List.copyOf(answers.keySet());
  }

  /** Returns how many classes each question has. */
  List<Integer> sizes() {
    return answers.values().stream().map(Map::size).toList();
  }

  /** Returns what is asked of the pictures of a batch; the first question of each sample counts. */
  List<Asked> asked(List<Sample> batch) {
    List<Asked> asked = new ArrayList<>();
    for (int question = 0; question < questions.size(); question++) {
      Map<String, Integer> classes = answers.getOrDefault(questions.get(question), Map.of());
      List<Integer> rows = new ArrayList<>();
      List<Integer> found = new ArrayList<>();
      for (int row = 0; row < batch.size(); row++) {
        Turn turn = batch.get(row).turns().get(0);
        if (turn.question().equals(questions.get(question))) {
          rows.add(row);
          found.add(classes.getOrDefault(turn.answer(), 0));
        }
      }
      if (!rows.isEmpty()) {
        asked.add(new Asked(question, rows, found));
      }
    }
    return asked;
  }
}
