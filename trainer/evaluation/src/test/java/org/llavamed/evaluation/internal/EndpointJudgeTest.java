package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class EndpointJudgeTest {
  private static final ChatQuestion QUESTION =
      new ChatQuestion(
          Questions.open("7", "a.png", "What is seen?", "a lung"),
          "Fig. 1",
          "The caption.",
          List.of("A sentence.", "Another."));

  private final List<Double> pauses = new ArrayList<>();
  private JudgeServer server = start();

  private static JudgeServer start() {
    try {
      return new JudgeServer();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  @BeforeEach
  void forget() {
    pauses.clear();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private EndpointJudge judge() {
    return new EndpointJudge(JudgeEndpoint.of(server.environment()), pauses::add);
  }

  @Test
  void theJudgeIsToldAllButThePictureAndGivesTwoScores() {
    try (EndpointJudge judge = judge()) {
      Verdict verdict = judge.judge(QUESTION, "a lung", "a heart");
      assertThat(verdict).isEqualTo(new Verdict(8, 2, "8 2\nbecause"));
      assertThat(judge.spending()).isEqualTo(new Judge.Spending(1, 100, 10));
      assertThat(judge.name()).isEqualTo("judge-1 at localhost");
    }
    assertThat(server.keys).containsExactly("Bearer a secret");
    assertThat(server.requests.get(0).path("model").asText()).isEqualTo("judge-1");
    assertThat(server.requests.get(0).path("temperature").asInt(-1)).isZero();
    assertThat(server.requests.get(0).path("messages").path(1).path("content").asText())
        .contains("Fig. 1: The caption.", "A sentence.\nAnother.", "What is seen?", "a heart");
  }

  @Test
  void aFailureThatMayPassIsTriedAgainLaterAndLater() {
    server.failures.addAll(List.of(429, 500, 503));
    try (EndpointJudge judge = judge()) {
      assertThat(judge.judge(QUESTION, "x", "a lung").second()).isEqualTo(8);
    }
    assertThat(pauses).containsExactly(7.0, 7.0, 7.0);
    assertThat(server.requests).hasSize(4);
  }

  @Test
  void anAddressThatNobodyAnswersIsTriedSixTimes() {
    server.close();
    try (EndpointJudge judge = judge()) {
      assertThatThrownBy(() -> judge.judge(QUESTION, "x", "y"))
          .isInstanceOf(JudgeException.class)
          .hasMessageStartingWith("The judge judge-1 at localhost: 6 tries failed, the last with ")
          .hasMessageEndingWith(
              "Check LLAVAMED_JUDGE_URL, _MODEL and _KEY, and run again: what is judged already is"
                  + " kept.");
    }
    assertThat(pauses).containsExactly(1.0, 2.0, 4.0, 8.0, 16.0);
  }

  @Test
  void aRefusalIsToldAtOnceAndWithoutTheKey() {
    server.failures.add(401);
    try (EndpointJudge judge = judge()) {
      assertThatThrownBy(() -> judge.judge(QUESTION, "x", "y"))
          .hasMessageContaining("it answered with status 401, '{\"error\": \"not now\"}'")
          .hasMessageNotContaining("secret");
      assertThat(judge.name()).doesNotContain("secret");
    }
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void aVerdictWithoutTwoScoresIsAskedForAgainAndThenLeftOut() {
    for (String wrong : List.of("Both are good.", "8", "8 11", "0 5", "")) {
      server.verdict = wrong.isEmpty() ? " " : wrong;
      server.requests.clear();
      try (EndpointJudge judge = judge()) {
        assertThatThrownBy(() -> judge.judge(QUESTION, "x", "y"))
            .isInstanceOfSatisfying(
                JudgeException.class, e -> assertThat(e.isOfOneAnswer()).isTrue())
            .hasMessageStartingWith("question 7: the judge wrote '" + wrong)
            .hasMessageEndingWith("It was asked 3 times and is left out.");
        assertThat(judge.spending().tokensIn()).isEqualTo(300);
      }
      assertThat(server.requests).hasSize(3);
    }
  }

  @Test
  void scoresMayBeDecimalAndPartedByACommaToo() {
    server.verdict = "7.5, 6\nSince ...";
    try (EndpointJudge judge = judge()) {
      assertThat(judge.judge(QUESTION, "x", "y").first()).isEqualTo(7.5);
      assertThat(judge.judge(QUESTION, "x", "y").second()).isEqualTo(6);
    }
  }

  @Test
  void theEnvironmentIsCheckedByName() {
    assertThatThrownBy(() -> JudgeEndpoint.of(Map.of()))
        .hasMessage(
            "LLAVAMED_JUDGE_URL: it is not set in the environment. Set it to the base address, for"
                + " example https://HOST/v1, or judge offline with --judge similarity.");
    assertThatThrownBy(() -> JudgeEndpoint.of(Map.of("LLAVAMED_JUDGE_URL", "http://h/v1")))
        .hasMessageStartingWith("LLAVAMED_JUDGE_MODEL: it is not set");
    assertThatThrownBy(
            () ->
                JudgeEndpoint.of(
                    Map.of("LLAVAMED_JUDGE_URL", "file:/x y", "LLAVAMED_JUDGE_MODEL", "m")))
        .hasMessage(
            "LLAVAMED_JUDGE_URL: it is no address of http or https. Set it to one such as"
                + " https://HOST/v1.");
  }
}
