package org.llavamed.evaluation.internal;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * A stand-in for a judge that needs no network: ten times the cosine between the sentence vectors
 * of an answer and of the reference answer. It neither reads nor weighs, so that no published
 * figure can be compared with it.
 */
final class SimilarityJudge implements Judge {
  private static final double MOST = 10;

  private final SentenceEmbedder embedder;
  private final Map<String, double[]> references = new HashMap<>();

  /**
   * Opens the model in the artifact's jar.
   *
   * @throws JudgeException if it is missing or another file
   */
  SimilarityJudge(Path jar) {
    embedder = new SentenceEmbedder(jar);
  }

  @Override
  public String name() {
    return "similarity of sentence vectors to the reference answer (not comparable with judged"
        + " scores)";
  }

  @Override
  public boolean isComparable() {
    return false;
  }

  @Override
  public String request(ChatQuestion question, String first, String second) {
    return String.join(
        "\0", SentenceEmbedder.artifact(), question.question().answer(), first, second);
  }

  @Override
  public Verdict judge(ChatQuestion question, String first, String second) {
    double[] reference = references.computeIfAbsent(question.question().answer(), embedder::vector);
    return new Verdict(score(reference, first), score(reference, second), "");
  }

  private double score(double[] reference, String answer) {
    return MOST * Math.max(0, SentenceEmbedder.dot(reference, embedder.vector(answer)));
  }

  @Override
  public Spending spending() {
    return Spending.NONE;
  }

  @Override
  public void close() {
    embedder.close();
  }
}
