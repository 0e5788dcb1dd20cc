package org.llavamed.evaluation.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.command.Command;
import picocli.CommandLine;

final class VqaCommandTest {
  private static final String TRAIN =
      """
      [{"qid": 1, "image_name": "dark.png", "image_organ": "HEAD", "answer": "no", "answer_type": "CLOSED",
        "question_type": "PRES", "question": "Is there a mass?"},
       {"qid": 2, "image_name": "light.png", "image_organ": "HEAD", "answer": "left lung", "answer_type": "OPEN",
        "question_type": "POS", "question": "Where is the mass?"}]
      """;

  private static final String TEST =
      """
      [{"qid": 3, "image_name": "dark.png", "image_organ": "HEAD", "answer": "yes", "answer_type": "CLOSED",
        "question_type": "PRES", "question": "Is there a large mass?"},
       {"qid": 4, "image_name": "light.png", "image_organ": "CHEST", "answer": "no", "answer_type": "CLOSED ",
        "question_type": "SIZE, PRES", "question": "Is it <b>large</b>?"},
       {"qid": 5, "image_name": "light.png", "image_organ": "CHEST", "answer": "left lung", "answer_type": "OPEN",
        "question_type": "POS", "question": "Where is this mass?"}]
      """;

  @TempDir private Path folder;

  private final FakeRuntime runtime = new FakeRuntime();
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void writeData() throws IOException {
    for (String name : new String[] {"dark.png", "light.png", "broken.png"}) {
      picture(name);
    }
    Files.writeString(folder.resolve("data/trainset.json"), TRAIN);
    Files.writeString(folder.resolve("data/testset.json"), TEST);
  }

  private void picture(String name) throws IOException {
    Path file = folder.resolve("data/images").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, name);
  }

  private int run(String... more) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    var line = new CommandLine(new VqaCommand(runtime, FakePictures.source()));
    line.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    line.setExecutionExceptionHandler(
        (error, command, result) -> {
          command.getErr().println(error.getMessage());
          return Command.SOME_INPUT_FAILED;
        });
    String[] all = new String[more.length + 4];
    System.arraycopy(more, 0, all, 4, more.length);
    all[0] = "--data";
    all[1] = folder.resolve("data").toString();
    all[2] = "--out";
    all[3] = folder.resolve("out").toString();
    return line.execute(all);
  }

  private JsonNode json(String... more) throws IOException {
    String[] all = new String[more.length + 1];
    System.arraycopy(more, 0, all, 1, more.length);
    all[0] = "--json";
    assertThat(run(all)).as(err.toString()).isEqualTo(Command.OK);
    return JsonMapper.builder().build().readTree(out.toString());
  }

  @Test
  void scoresAndControlsAreOneJsonObjectInPercent() throws IOException {
    JsonNode scores = json();
    assertThat(scores.get("closed_exact").asDouble()).isEqualTo(100);
    assertThat(scores.get("closed_accuracy").asDouble()).isEqualTo(100);
    assertThat(scores.get("closed_b").asDouble()).isEqualTo(100);
    assertThat(scores.get("open_f1").asDouble()).isZero();
    for (String name : new String[] {"open_recall", "f1", "exact_match", "bleu"}) {
      assertThat(scores.get(name).isNumber()).as(name).isTrue();
    }
    assertThat(scores.get("intervals").get("closed_exact").get(1).asDouble()).isEqualTo(100);
    assertThat(scores.get("question_types").fieldNames())
        .toIterable()
        .containsExactly("POS", "PRES", "SIZE");
    assertThat(scores.get("question_types").get("PRES").get("closed_questions").asInt())
        .isEqualTo(2);
    assertThat(scores.get("organs").get("CHEST").get("open_questions").asInt()).isEqualTo(1);
    assertThat(scores.get("organs").get("HEAD").get("open_f1").isNull()).isTrue();
    assertThat(scores.get("controls").fieldNames())
        .toIterable()
        .containsExactly(
            "blank",
            "noise",
            "other_picture",
            "most_frequent",
            "most_frequent_by_type",
            "nearest_question",
            "nearest_question_same_picture",
            "constant");
    JsonNode other = scores.get("controls").get("other_picture");
    assertThat(other.get("closed_exact").asDouble()).isZero();
    assertThat(other.get("better_than_this").get("closed_exact").get("points").asDouble())
        .isEqualTo(100);
    assertThat(scores.get("controls").get("constant").get("open_f1").asDouble())
        .isCloseTo(100 * 2 / 3.0, within(0.001));
    assertThat(scores.get("model_id").asText()).isEqualTo(FakeRuntime.IDENTITY);
    assertThat(scores.get("generation").asText()).isEqualTo("greedy, at most 128 tokens");
    assertThat(scores.get("notice").asText()).startsWith("RESEARCH USE ONLY");
    assertThat(Files.readString(folder.resolve("out/scores.json")).strip())
        .isEqualTo(out.toString().strip());
  }

  @Test
  void theTablesNameScoresControlsAndTheMark() {
    assertThat(run("--resamples", "200")).isEqualTo(Command.OK);
    assertThat(out.toString())
        .contains("closed_exact", "other_picture", "+100.0 (+100.0 to +100.0)*", "By organ")
        .contains("RESEARCH USE ONLY");
    assertThat(err.toString()).contains("asking, other picture");
  }

  @Test
  void thePageHoldsItsPicturesAndFetchesNothing() throws IOException {
    run("--controls", "none");
    String page = Files.readString(folder.resolve("out/report.html"));
    assertThat(page)
        .contains("data:image/jpeg;base64,", "Is it &lt;b&gt;large&lt;/b&gt;?")
        .contains("RESEARCH USE ONLY")
        .doesNotContain("<script", "http:", "https:", "<b>large");
  }

  @Test
  void twoRunsGiveTheSameFiles() throws IOException {
    run("--sampling", "v1.5");
    byte[] page = Files.readAllBytes(folder.resolve("out/report.html"));
    byte[] scores = Files.readAllBytes(folder.resolve("out/scores.json"));
    run("--sampling", "v1.5", "--at-once", "3");
    assertThat(Files.readAllBytes(folder.resolve("out/report.html"))).isEqualTo(page);
    assertThat(Files.readAllBytes(folder.resolve("out/scores.json"))).isEqualTo(scores);
    assertThat(runtime.queries).allMatch(query -> query.generation().temperature() == 0.2);
  }

  @Test
  void onlyTheControlsThatAreNamedAreMade() throws IOException {
    JsonNode scores = json("--controls", "noise,constant");
    assertThat(scores.get("controls").fieldNames())
        .toIterable()
        .containsExactly("noise", "constant");
    assertThat(runtime.queries).hasSize(6);
    assertThat(folder.resolve("out/answers-noise.jsonl")).exists();
  }

  @Test
  void anyFileOfAnswersIsScoredAndComparedWithoutAModel() throws IOException {
    Path file = folder.resolve("theirs.jsonl");
    Files.writeString(
        file,
        """
        {"question_id": "x", "prompt": "Where is this mass?\\n<image>", "text": "The left lung"}
        {"question_id": "y", "prompt": "Is there a large mass? Please choose from: [yes, no]", "text": "no"}
        {"question_id": "4", "prompt": "Is it <b>large</b>?", "text": "normal"}
        """);
    Path other = folder.resolve("others.jsonl");
    Files.writeString(
        other, "{\"question_id\": 3, \"prompt\": \"Is there a large mass?\", \"text\": \"yes\"}\n");
    JsonNode scores = json("--metrics-only", file.toString(), "--compare", other.toString());
    assertThat(scores.get("closed_accuracy").asDouble()).isEqualTo(50);
    assertThat(scores.get("closed_exact").asDouble()).isZero();
    assertThat(scores.get("open_recall").asDouble()).isEqualTo(100);
    assertThat(scores.get("matching").asText())
        .isEqualTo("1 answers by id and text, 2 by text in order");
    JsonNode comparison = scores.get("comparisons").get(other.toString());
    assertThat(comparison.get("questions").asInt()).isEqualTo(1);
    assertThat(comparison.get("better_than_this").get("closed_exact").get("points").asDouble())
        .isEqualTo(-100);
    assertThat(scores.get("controls").has("blank")).isFalse();
    assertThat(runtime.queries).isEmpty();
  }

  @Test
  void questionsWithoutAnAnswerAreSaidAndNotScored() throws IOException {
    Path file = folder.resolve("theirs.jsonl");
    Files.writeString(
        file, "{\"question_id\": 3, \"prompt\": \"Is there a large mass?\", \"text\": \"yes\"}\n");
    assertThat(run("--metrics-only", file.toString())).isEqualTo(Command.SOME_INPUT_FAILED);
    assertThat(err.toString())
        .contains("theirs.jsonl: 2 of 3 questions have no answer; they are not scored.");
  }

  @Test
  void controlsAreScoredOnTheQuestionsThatHaveAnAnswer() throws IOException {
    Path file = folder.resolve("theirs.jsonl");
    Files.writeString(
        file, "{\"question_id\": 3, \"prompt\": \"Is there a large mass?\", \"text\": \"yes\"}\n");
    assertThat(run("--json", "--metrics-only", file.toString()))
        .isEqualTo(Command.SOME_INPUT_FAILED);
    JsonNode control =
        JsonMapper.builder().build().readTree(out.toString()).get("controls").get("most_frequent");
    assertThat(control.get("questions").asInt()).isEqualTo(1);
    assertThat(control.get("closed_exact").asDouble()).isZero();
    assertThat(control.has("open_f1")).isFalse();
  }

  @Test
  void controlsThatNeedAModelAreSaidToBeMissingForTheAnswersOfAFile() throws IOException {
    Path file = folder.resolve("theirs.jsonl");
    Files.writeString(
        file, "{\"question_id\": 3, \"prompt\": \"Is there a large mass?\", \"text\": \"yes\"}\n");
    run("--metrics-only", file.toString());
    assertThat(err.toString()).contains("The controls blank, noise and other_picture ask a model");
    assertThat(Files.readString(folder.resolve("out/report.html")))
        .contains("<h2>Not scored</h2>", "2 of 3 questions have no answer");
    run("--metrics-only", file.toString(), "--controls", "constant");
    assertThat(err.toString()).doesNotContain("ask a model");
  }

  @Test
  void whatAnswersAreCopiedFromIsSaidAndChosen() throws IOException {
    Path train = folder.resolve("data/trainset.json");
    assertThat(json("--controls", "constant").get("copied_from").asText())
        .isEqualTo(train + " (2 questions)");
    assertThat(run("--controls", "constant", "--train", "validation"))
        .isEqualTo(Command.SOME_INPUT_FAILED);
    assertThat(err.toString()).contains("it has no question of the split 'validation'");
  }

  @Test
  void answersAreCopiedFromTrainAndValidationOrFromNamedParts() throws IOException {
    Files.delete(folder.resolve("data/trainset.json"));
    Files.delete(folder.resolve("data/testset.json"));
    write("train", sample("a", "What is it?", "lung"), sample("b", "Where is it?", "left"));
    write("validation", sample("c", "Which is the organ?", "heart"));
    write("disjoint-train", sample("b", "Where is it?", "left"));
    write("test", sample("d", "Which organ?", "heart"));
    String[] nearest = {"--controls", "nearest_question"};
    JsonNode both = json(nearest);
    assertThat(both.get("controls").get("nearest_question").get("open_f1").asDouble())
        .isEqualTo(100);
    assertThat(both.get("copied_from").asText())
        .contains("train.json (2 questions), ", "validation.json (1 questions)");
    JsonNode apart = json("--controls", "nearest_question", "--train", "disjoint-train");
    assertThat(apart.get("controls").get("nearest_question").get("open_f1").asDouble()).isZero();
    assertThat(apart.get("copied_from").asText()).endsWith("disjoint-train.json (1 questions)");
    Files.delete(folder.resolve("out/answers.jsonl"));
    assertThat(json("--controls", "constant", "--split", "validation").get("copied_from").asText())
        .endsWith("data/train.json (2 questions)");
  }

  private void write(String part, String... samples) throws IOException {
    Files.writeString(
        folder.resolve("data/" + part + ".json"), "[" + String.join(",", samples) + "]");
  }

  private static String sample(String id, String question, String answer) {
    return """
        {"id": "%s", "image": "dark.png", "conversations": [{"from": "human", "value": "%s"},
         {"from": "gpt", "value": "%s"}],
         "vqa": {"question_id": "%s", "answer_type": "OPEN", "split": "test"}}
        """
        .formatted(id, question, answer, id);
  }

  @Test
  void ofManyFailuresTheFirstAreSaidAndTheRestAreCounted() throws IOException {
    StringBuilder many = new StringBuilder(TEST.strip()).deleteCharAt(TEST.strip().length() - 1);
    for (int i = 10; i < 23; i++) {
      picture(i + "/broken.png");
      many.append(
          """
          ,{"qid": %d, "image_name": "%d/broken.png", "answer": "no", "answer_type": "CLOSED",
           "question_type": "PRES", "image_organ": "HEAD", "question": "Is it?"}
          """
              .formatted(i, i));
    }
    Files.writeString(folder.resolve("data/testset.json"), many + "]");
    assertThat(run("--controls", "none")).isEqualTo(Command.SOME_INPUT_FAILED);
    assertThat(err.toString().lines().filter(line -> line.contains("it is damaged"))).hasSize(10);
    assertThat(err.toString()).contains("llavamed: 3 more could not be scored: ");
    assertThat(Files.readString(folder.resolve("out/scores.json"))).contains("22/broken.png");
  }

  @Test
  void whereNothingCanBeAskedTheFirstReasonIsSaid() {
    runtime.refused = "s";
    assertThat(run()).isEqualTo(Command.SOME_INPUT_FAILED);
    assertThat(err.toString())
        .contains(
            "none of its questions could be asked: question 3: The prompt and its answer need 900"
                + " positions");
  }

  @Test
  void aFileThatCannotBeComparedIsNamedBeforeAnythingIsAsked() {
    assertThat(run("--compare", folder.resolve("none.jsonl").toString()))
        .isEqualTo(Command.SOME_INPUT_FAILED);
    assertThat(err.toString()).contains("none.jsonl: there is no such file");
    assertThat(runtime.queries).isEmpty();
  }

  @Test
  void aDamagedPictureIsSaidAndItsQuestionsAreNotScored() throws IOException {
    Files.writeString(folder.resolve("data/testset.json"), TEST.replace("dark.png", "broken.png"));
    assertThat(run()).isEqualTo(Command.SOME_INPUT_FAILED);
    assertThat(err.toString()).contains("broken.png: it is damaged. Copy it again.");
    assertThat(out.toString()).contains("Scores in percent, of 1 closed and 1 open questions");
  }

  @Test
  void dataWithoutTrainQuestionsHaveNoControlsThatCopyThem() throws IOException {
    Files.delete(folder.resolve("data/trainset.json"));
    JsonNode scores = json();
    assertThat(scores.get("controls").fieldNames())
        .toIterable()
        .containsExactly("blank", "noise", "other_picture");
    assertThat(err.toString()).contains("The data have no train questions beside these");
  }

  @Test
  void anUnknownSplitIsNamed() {
    assertThat(run("--split", "validation")).isEqualTo(Command.SOME_INPUT_FAILED);
    assertThat(err.toString()).contains("it has no question of the split 'validation'");
  }

  @Test
  void optionsThatMakeNoSenseAreUsageErrors() {
    assertThat(run("--controls", "blanc")).isEqualTo(Command.USAGE);
    assertThat(err.toString()).contains("--controls blanc: no such name, expected one of blank,");
    assertThat(run("--sampling", "beam")).isEqualTo(Command.USAGE);
    assertThat(err.toString()).contains("expected one of greedy, v1.0, v1.5");
    assertThat(run("--max-new-tokens", "0")).isEqualTo(Command.USAGE);
    assertThat(run("--at-once", "0")).isEqualTo(Command.USAGE);
    assertThat(run("--at-once", "65")).isEqualTo(Command.USAGE);
    assertThat(err.toString()).contains("--at-once is 65, expected 1 to 64");
    assertThat(run("--resamples", "0")).isEqualTo(Command.USAGE);
    assertThat(run("--model", folder.resolve("none").toString())).isEqualTo(Command.USAGE);
    assertThat(err.toString()).contains("no such folder");
    assertThat(run("--metrics-only", "x", "--controls", "noise")).isEqualTo(Command.USAGE);
    assertThat(run("--metrics-only", "x", "--model", folder.toString())).isEqualTo(Command.USAGE);
  }
}
