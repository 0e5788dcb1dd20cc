package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.command.Command;
import picocli.CommandLine;

final class ChatCommandTest {
  private static final String QUESTIONS =
      """
      {"question_id": 0, "image": "dark.png", "pair_id": "a", "text": "What is seen?\\n<image>", "gpt4_answer": "A lung.", "fig_label": "Fig. 3", "fig_caption": "A lung.", "in_text_mention": [{"tokens": "See Fig. 3 ."}], "type": "conversation", "domain": {"chest_xray": true}}
      {"question_id": 1, "image": "dark.png", "pair_id": "a", "text": "Which side?\\n<image>", "gpt4_answer": "The left.", "fig_label": "Fig. 3", "fig_caption": "A lung.", "in_text_mention": [], "type": "conversation", "domain": {"mri": true}}
      {"question_id": 2, "image": "light.png", "pair_id": "b", "text": "Describe it.\\n<image>", "gpt4_answer": "A <b>lung</b>.", "fig_label": "Fig. 4", "fig_caption": "A lung.", "in_text_mention": [], "type": "detailed_description", "domain": {"mri": true}}
      """;

  private static final String ANSWERS =
      """
      {"question_id": 0, "prompt": "What is seen?", "text": "the lung"}
      {"question_id": 1, "prompt": "Which side?", "text": "a lung"}
      {"question_id": 2, "prompt": "Describe it.", "text": "a heart"}
      """;

  @TempDir private Path folder;

  private final FakeRuntime runtime = new FakeRuntime();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeFiles() throws IOException {
    Files.writeString(folder.resolve("qa.jsonl"), QUESTIONS);
    Files.writeString(folder.resolve("dark.png"), "a picture by its name");
    Files.writeString(folder.resolve("light.png"), "a picture by its name");
    Files.writeString(folder.resolve("answers.jsonl"), ANSWERS);
  }

  private int run(Map<String, String> environment, String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    var line = new CommandLine(new ChatCommand(runtime, FakePictures.source(), environment));
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    line.setExecutionExceptionHandler(
        (error, command, result) -> {
          command.getErr().println(error.getMessage());
          return Command.SOME_INPUT_FAILED;
        });
    List<String> all =
        new ArrayList<>(
            List.of(
                "--questions",
                folder.resolve("qa.jsonl").toString(),
                "--images",
                folder.toString(),
                "--out",
                folder.resolve("out").toString()));
    all.addAll(List.of(more));
    return line.execute(all.toArray(new String[0]));
  }

  private String answers() {
    return folder.resolve("answers.jsonl").toString();
  }

  private JsonNode object() throws IOException {
    return JsonMapper.builder().build().readTree(out.toString());
  }

  @Test
  void relativeScoresAreMeansOfRatiosOverAllTypesAndDomains() throws IOException {
    try (var server = new JudgeServer()) {
      assertThat(
              run(
                  server.environment(),
                  "--answers",
                  answers(),
                  "--json",
                  "--price-in",
                  "10",
                  "--price-out",
                  "100"))
          .as(err.toString())
          .isEqualTo(Command.OK);
    }
    JsonNode scores = object();
    // 8/8, 8/2 and 2/8
    assertThat(scores.get("relative_score").asDouble()).isCloseTo(175, within(1e-9));
    assertThat(scores.get("reference_score").asDouble()).isCloseTo(6, within(1e-9));
    assertThat(scores.get("model_score").asDouble()).isCloseTo(6, within(1e-9));
    assertThat(scores.get("types").get("conversation").get("relative_score").asDouble())
        .isCloseTo(250, within(1e-9));
    assertThat(scores.get("types").get("detailed_description").get("questions").asInt())
        .isEqualTo(1);
    assertThat(scores.get("domains").get("mri").get("relative_score").asDouble())
        .isCloseTo(212.5, within(1e-9));
    assertThat(scores.get("comparable").asBoolean()).isTrue();
    assertThat(scores.get("tokens_in").asText()).isEqualTo("300");
    assertThat(scores.get("cost").asText()).isEqualTo("0.0060");
    assertThat(scores.get("notice").asText()).startsWith("RESEARCH USE ONLY");
    assertThat(Files.readString(folder.resolve("out/chat.html")))
        .contains("A &lt;b&gt;lung&lt;/b&gt;.", "data:image/jpeg;base64,")
        .contains("RESEARCH USE ONLY");
  }

  @Test
  void aVerdictIsNeverAskedForTwiceEvenWhereTheLastLineIsTorn() throws IOException {
    try (var server = new JudgeServer()) {
      run(server.environment(), "--answers", answers());
      assertThat(server.requests).hasSize(3);
      Path verdicts = folder.resolve("out/verdicts.jsonl");
      Files.writeString(verdicts, "{\"question_id\":\"9", StandardOpenOption.APPEND);
      Files.writeString(folder.resolve("answers.jsonl"), ANSWERS.replace("a heart", "a liver"));
      assertThat(run(server.environment(), "--answers", answers(), "--json")).isEqualTo(Command.OK);
      assertThat(server.requests).hasSize(4);
      assertThat(object().get("verdicts_known").asText()).isEqualTo("2");
      run(server.environment(), "--answers", answers());
      assertThat(server.requests).hasSize(4);
      assertThat(Files.readString(verdicts)).doesNotContain("secret");
    }
  }

  @Test
  void bothOrdersTakeTheMeans() throws IOException {
    try (var server = new JudgeServer()) {
      server.verdict = "6 3"; // a judge that prefers what stands first
      assertThat(run(server.environment(), "--answers", answers(), "--both-orders", "--json"))
          .isEqualTo(Command.OK);
      assertThat(server.requests).hasSize(6);
    }
    assertThat(object().get("relative_score").asDouble()).isCloseTo(100, within(1e-9));
    assertThat(object().get("order").asText()).isEqualTo("both, means taken");
  }

  @Test
  void anAnswerWithoutVerdictIsSaidAndLeftOut() throws IOException {
    try (var server = new JudgeServer()) {
      server.verdict = "I cannot judge.";
      assertThat(run(server.environment(), "--answers", answers()))
          .isEqualTo(Command.SOME_INPUT_FAILED);
    }
    assertThat(err.toString())
        .contains("question 0: the judge wrote 'I cannot judge.'")
        .contains("no answer could be judged");
  }

  @Test
  void theModelIsAskedWhereNoAnswersAreGiven() throws IOException {
    try (var server = new JudgeServer()) {
      assertThat(run(server.environment())).isEqualTo(Command.OK);
    }
    assertThat(runtime.queries)
        .extracting(query -> query.question())
        .containsExactly("What is seen?", "Which side?", "Describe it.");
    assertThat(runtime.queries).allMatch(query -> query.generation().maxNewTokens() == 1024);
    assertThat(folder.resolve("out/chat-answers.jsonl")).exists();
    assertThat(out.toString()).contains("relative_score", "detailed_description");
  }

  @Test
  void similarityIsNamedAsNotComparableAndNeedsNoNetwork() throws IOException, URISyntaxException {
    assertThat(
            run(
                Map.of(),
                "--answers",
                answers(),
                "--judge",
                "similarity",
                "--judge-model",
                SentenceEmbedderTest.jar().toString(),
                "--json"))
        .as(err.toString())
        .isEqualTo(Command.OK);
    JsonNode scores = object();
    assertThat(scores.has("relative_score")).isFalse();
    assertThat(scores.get("relative_similarity").asDouble()).isBetween(20.0, 95.0);
    assertThat(scores.get("reference_score").asDouble()).isCloseTo(10, within(1e-6));
    assertThat(scores.get("comparable").asBoolean()).isFalse();
    assertThat(scores.get("judge").asText()).contains("not comparable");
  }

  @Test
  void optionsThatMakeNoSenseAreUsageErrors() {
    assertThat(run(Map.of(), "--judge", "oracle")).isEqualTo(Command.USAGE);
    assertThat(err.toString()).contains("expected one of endpoint, similarity");
    assertThat(run(Map.of(), "--price-in", "1")).isEqualTo(Command.USAGE);
    assertThat(run(Map.of(), "--answers", "x", "--model", folder.toString()))
        .isEqualTo(Command.USAGE);
  }

  @Test
  void aJudgeThatIsNotNamedIsSaidBeforeTheModelIsAsked() {
    assertThat(run(Map.of())).isEqualTo(Command.SOME_INPUT_FAILED);
    assertThat(err.toString()).contains("LLAVAMED_JUDGE_URL: it is not set");
    assertThat(runtime.queries).isEmpty();
  }
}
