package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavamed.data.Splits;
import org.llavamed.data.VqaQuestion;
import org.llavamed.data.VqaSet;

/**
 * What is evaluated on what.
 *
 * @param data where the questions are
 * @param questions that are asked
 * @param split whose they are
 * @param train the parts that controls without a model copy answers from
 * @param controls what the answers are held against
 * @param compare a file with other answers to the same questions
 * @param bootstrap of the bounds
 */
record VqaPlan(
    Path data,
    List<VqaQuestion> questions,
    String split,
    List<VqaSet.Part> train,
    Set<Control> controls,
    Optional<Path> compare,
    Bootstrap bootstrap) {
  /**
   * Returns what answers are copied from: the parts that are named, else train and validation, or
   * those of their questions that are about no test picture where such are asked.
   *
   * @param named names of parts; empty for those
   * @throws org.llavamed.data.DataException if a named part is not there
   */
  static List<VqaSet.Part> train(VqaSet data, String split, List<String> named) {
    if (!named.isEmpty()) {
      return named.stream().map(data::part).toList();
    }
    return switch (split) {
      case Splits.TRAIN, Splits.DISJOINT_TRAIN -> List.of();
      case Splits.DISJOINT_VALIDATION -> data.findPart(Splits.DISJOINT_TRAIN).stream().toList();
      case Splits.VALIDATION -> data.findPart(Splits.TRAIN).stream().toList();
      default ->
          Stream.of(Splits.TRAIN, Splits.VALIDATION)
              .flatMap(name -> data.findPart(name).stream())
              .toList();
    };
  }

  /** Returns the train questions, each once, that are not themselves asked. */
  List<VqaQuestion> trainQuestions() {
    Set<String> asked = questions.stream().map(VqaQuestion::id).collect(Collectors.toSet());
    Map<String, VqaQuestion> known = new LinkedHashMap<>();
    train.stream()
        .flatMap(part -> part.questions().stream())
        .filter(one -> !asked.contains(one.id()))
        .forEach(one -> known.putIfAbsent(one.id(), one));
    return List.copyOf(known.values());
  }

  /** Returns what answers are copied from, in words. */
  String trainWords() {
    return train.stream()
        .map(part -> "%s (%d questions)".formatted(part.file(), part.questions().size()))
        .collect(Collectors.joining(", "));
  }
}
