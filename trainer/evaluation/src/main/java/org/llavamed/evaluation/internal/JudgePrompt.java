package org.llavamed.evaluation.internal;

import java.util.List;

/** What a judge is told: it does not see the picture, but what its article says of it. */
final class JudgePrompt {
  private static final String SYSTEM =
      "You compare answers of two assistants, carefully and without favour.";

  private static final String TASK =
      "Two assistants were asked the question above about a picture. You do not see the picture;"
          + " the caption and the sentences of its article stand for it. Judge how helpful,"
          + " relevant, correct and detailed each answer is, and give each assistant a score from 1"
          + " (worst) to 10 (best). Write nothing on the first line but the score of assistant 1, a"
          + " blank, and the score of assistant 2. On the lines after it, give your reasons. Which"
          + " answer stands first must not matter.";

  private JudgePrompt() {}

  /**
   * One message of a conversation.
   *
   * @param role {@code system} or {@code user}
   * @param content the text
   */
  record Message(String role, String content) {}

  /** Returns the messages that order a verdict. */
  static List<Message> messages(ChatQuestion question, String first, String second) {
    String text =
        """
        [Figure]
        %s: %s

        [Sentences that mention the figure]
        %s

        [Question]
        %s

        [Answer of assistant 1]
        %s

        [Answer of assistant 2]
        %s

        [Task]
        %s
        """
            .formatted(
                question.label(),
                question.caption(),
                String.join("\n", question.mentions()),
                question.question().question(),
                first,
                second,
                TASK);
    return List.of(new Message("system", SYSTEM), new Message("user", text));
  }
}
