package org.llavamed.data;

import java.util.List;
import java.util.Optional;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/**
 * A conversation to learn, about one picture or none.
 *
 * @param id its name in its file
 * @param image the picture's path below the picture folder, parts separated by {@code /}; it is
 *     shown with the first question
 * @param turns questions and answers, at least one, without marks of pictures
 * @param vqa what is known of the question where the sample is one of a data set of questions
 */
public record Sample(String id, Optional<String> image, List<Turn> turns, Optional<VqaMeta> vqa) {
  /** What stands for a picture in the texts of a file. */
  public static final String PICTURE_MARK = "<image>";

  public Sample {
    turns = List.copyOf(turns);
    if (turns.isEmpty()) {
      throw new IllegalArgumentException("The sample '" + id + "' has no turn, expected 1 or more");
    }
  }
}
