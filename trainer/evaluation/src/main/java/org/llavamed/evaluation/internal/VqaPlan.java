package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.llavamed.data.VqaQuestion;
import org.llavamed.data.VqaSet;

/**
 * What is evaluated on what.
 *
 * @param data the questions, those of the train split included
 * @param split whose questions are asked
 * @param controls what the answers are held against
 * @param compare a file with other answers to the same questions
 * @param bootstrap of the bounds
 */
record VqaPlan(
    VqaSet data, String split, Set<Control> controls, Optional<Path> compare, Bootstrap bootstrap) {
  private static final String TRAIN = "train";

  /** Returns the questions that are asked. */
  List<VqaQuestion> questions() {
    return data.split(split);
  }

  /** Returns the train questions that are not themselves asked. */
  List<VqaQuestion> train() {
    return split.equals(TRAIN)
        ? List.of()
        : data.questions().stream().filter(one -> one.split().equals(TRAIN)).toList();
  }
}
