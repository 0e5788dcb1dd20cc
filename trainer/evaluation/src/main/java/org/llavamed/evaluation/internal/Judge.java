package org.llavamed.evaluation.internal;

/** Compares two answers to a question. */
interface Judge extends AutoCloseable {
  /** Returns who judges, in words. */
  String name();

  /**
   * Returns whether scores are those of a judge that reads and weighs, as published ones are.
   *
   * @return false where they are a stand-in that no published figure can be compared with
   */
  boolean isComparable();

  /** Returns all that the verdict depends on: equal requests have equal verdicts. */
  String request(ChatQuestion question, String first, String second);

  /**
   * Judges.
   *
   * @throws JudgeException if there is no verdict
   */
  Verdict judge(ChatQuestion question, String first, String second);

  /** Returns what the verdicts of this run took. */
  Spending spending();

  @Override
  void close();

  /**
   * What was used.
   *
   * @param requests sent
   * @param tokensIn read by the judge
   * @param tokensOut written by the judge
   */
  record Spending(long requests, long tokensIn, long tokensOut) {
    static final Spending NONE = new Spending(0, 0, 0);

    Spending plus(long in, long out) {
      return new Spending(requests + 1, tokensIn + in, tokensOut + out);
    }
  }
}
