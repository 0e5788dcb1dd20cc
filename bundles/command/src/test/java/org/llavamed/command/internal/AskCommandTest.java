package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Terminal;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.Generation;
import org.llavamed.inference.Query;

class AskCommandTest {
  @TempDir Path folder;

  private final FakeRuntime runtime = new FakeRuntime();
  private final Console console =
      new Console().with(() -> new AskCommand(FakeImaging.pictures(), runtime));
  private String picture = "";
  private String cine = "";

  @BeforeEach
  void files() throws IOException {
    picture = Files.writeString(folder.resolve("p.png"), "picture").toString();
    cine = Files.writeString(folder.resolve("cine"), "dicom UINT8 5 1 1").toString();
    System.setProperty(Terminal.PROPERTY, "false");
  }

  @AfterEach
  void noTerminal() {
    System.clearProperty(Terminal.PROPERTY);
  }

  @Test
  void theAnswerIsAloneOnTheFirstLineBeforeTheNotice() {
    assertThat(console.run("ask", picture, "What is it?")).isZero();
    assertThat(console.out()).isEqualTo("grey value 200\n" + ResearchMark.NOTICE + "\n");
    assertThat(console.err()).isEmpty();
    assertThat(runtime.diary).containsExactly("open default", "close");
  }

  @Test
  void onATerminalTheAnswerGrowsOnOneLine() {
    System.setProperty(Terminal.PROPERTY, "true");
    assertThat(console.run("ask", picture, "What is it?")).isZero();
    assertThat(console.out()).isEqualTo("grey value 200\n" + ResearchMark.NOTICE + "\n");
  }

  @Test
  void ofAMultiFrameObjectTheMiddleFrameIsAskedUntilOneIsNamed() {
    assertThat(console.run("ask", cine, "What is it?")).isZero();
    assertThat(console.out()).startsWith("grey value 2\n");
    assertThat(console.run("ask", "--frame", "5", cine, "What is it?")).isZero();
    assertThat(console.out()).startsWith("grey value 4\n");
    assertThat(console.run("ask", "--frame", "6", cine, "What is it?")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo(
            "llavamed: "
                + cine
                + ": there is no frame 6, the object has 5. Name a frame from 1 to 5.\n");
  }

  @Test
  void aDicomFileWhosePreambleIsThatOfAnotherFormatIsDicom() throws IOException {
    String text = "picture" + " ".repeat(121) + "DICM";
    Path file = Files.writeString(folder.resolve("dual"), text);
    assertThat(console.run("ask", file.toString(), "What?")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("llavamed: " + file + ": no DICOM object. Name a DICOM file.\n");
  }

  @Test
  void aFolderIsNoPicture() {
    assertThat(console.run("ask", folder.toString(), "What?")).isEqualTo(1);
    assertThat(console.err()).isEqualTo("llavamed: " + folder + ": it is a folder. Name a file.\n");
  }

  @Test
  void jsonIsOneObjectWithModelAndNotice() throws IOException {
    assertThat(console.run("ask", "--json", cine, "What is it?")).isZero();
    JsonNode json = new ObjectMapper().readTree(console.out());
    assertThat(json.fieldNames())
        .toIterable()
        .containsExactly(
            "picture",
            "frame",
            "frames",
            "rendering",
            "question",
            "answer",
            "probability",
            "choices",
            "stop",
            "promptTokens",
            "answerTokens",
            "logProbabilities",
            "seconds",
            "model",
            "notice");
    assertThat(json.get("answer").asText()).isEqualTo("grey\nvalue 2");
    assertThat(json.get("frame").asInt()).isEqualTo(3);
    assertThat(json.get("probability").asDouble()).isEqualTo(0.5);
    assertThat(json.get("rendering").asText()).isEqualTo("PERCENTILES");
    assertThat(json.get("logProbabilities")).hasToString("[-0.25,-0.5,-0.125]");
    assertThat(json.get("model").get("identity").asText()).isEqualTo(FakeRuntime.CARD.identity());
    assertThat(json.get("notice").asText()).isEqualTo(ResearchMark.NOTICE);
  }

  @Test
  void ofChoicesTheMostProbableIsTheAnswer() throws IOException {
    assertThat(console.run("ask", "--choices", "yes, no", picture, "Is it?")).isZero();
    assertThat(console.out()).startsWith("no\n");
    assertThat(console.run("ask", "--choices", "yes,no", "--json", picture, "Is it?")).isZero();
    JsonNode json = new ObjectMapper().readTree(console.out());
    assertThat(json.get("choices").get(0).get("choice").asText()).isEqualTo("yes");
    assertThat(json.get("choices").get(0).get("probability").asDouble()).isEqualTo(0.25);
  }

  @Test
  void theModelThatIsNamedAnswers() throws IOException {
    Path model = Files.createDirectory(folder.resolve("mine"));
    assertThat(console.run("ask", "--model", model.toString(), picture, "What?")).isZero();
    assertThat(runtime.diary).contains("open mine");
  }

  @Test
  void wrongArgumentsAreUsageErrors() {
    assertThat(console.run("ask", folder + "/gone.png", "What?")).isEqualTo(2);
    assertThat(console.err())
        .isEqualTo(
            "llavamed: "
                + folder
                + "/gone.png: there is no such file. Check the path.\nTry 'llavamed ask --help'.\n");
    assertThat(console.run("ask", picture, " ")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: The question is blank.\n");
    assertThat(console.run("ask", picture)).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: Missing required parameter: 'QUESTION'.\n");
    assertThat(console.run("ask")).isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: Missing required parameters: 'PICTURE', 'QUESTION'.\n");
    assertThat(console.run("ask", picture, "What", "is?")).isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: Write the picture and the question as one argument each, in quotes.\n");
    assertThat(console.run("ask", "--choices", "one", picture, "What?")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: --choices needs at least two answers");
    assertThat(console.run("ask", "--model", folder + "/gone", picture, "What?")).isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --model "
                + folder
                + "/gone: no such folder. Name a model folder, as 'llavamed model import' makes"
                + " one.\n");
    assertThat(runtime.diary).isEmpty();
  }

  @Test
  void helpNamesTheArgumentsAndOptions() {
    assertThat(console.run("ask", "--help")).isZero();
    assertThat(console.out())
        .contains("[--stop=TEXT]... PICTURE QUESTION\n")
        .contains("--max-new-tokens=N   Most tokens of the answer (default: 128).\n");
  }

  @Test
  void withoutOptionsAnAnswerIsGreedy() {
    assertThat(console.run("ask", picture, "What?")).isZero();
    assertThat(runtime.queries).containsExactly(Query.open("What?"));
  }

  @Test
  void optionsSayHowTheAnswerIsGenerated() {
    String[] options = {
      "ask",
      picture,
      "What?",
      "--max-new-tokens",
      "7",
      "--temperature=0.5",
      "--top-k",
      "40",
      "--top-p",
      "0.9",
      "--repetition-penalty",
      "1.2",
      "--seed",
      "-3",
      "--stop",
      "a,b",
      "--stop=###"
    };
    assertThat(console.run(options)).isZero();
    Generation generation = new Generation(7, 0.5, 40, 0.9, 1.2, -3, List.of("a,b", "###"));
    assertThat(runtime.queries).containsExactly(Query.open("What?", generation));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --max-new-tokens 0 | --max-new-tokens is 0, expected 1 or more.
          --max-new-tokens x | Invalid value for option '--max-new-tokens': 'x' is not an int.
          --temperature 101 | --temperature is 101.0, expected 0 to 100.
          --temperature NaN | --temperature is NaN, expected 0 to 100.
          --temperature 1 --top-k -1 | --top-k is -1, expected 0 (all) or more.
          --temperature 1 --top-p 0 | --top-p is 0.0, expected above 0 to 1.
          --repetition-penalty 0.5 | --repetition-penalty is 0.5, expected 1 to 100.
          --top-p 0.5 | --top-k, --top-p and --seed have no effect without a --temperature above 0.
          --temperature 0 --seed 1 | --top-k, --top-p and --seed have no effect without a --temperature above 0.
          --choices yes,no --seed 1 | --choices takes one of the answers as it is; leave out the options that say how an answer is written.
          --no-picture | --no-picture asks without a picture: name the question alone, without --frame.
          --json-schema gone.json | --json-schema gone.json: there is no such file. Check the path.
          """)
  void optionsOutOfRangeAreUsageErrors(String options, String message) {
    List<String> arguments = new ArrayList<>(List.of("ask", picture, "What?"));
    arguments.addAll(List.of(options.split(" ")));
    assertThat(console.run(arguments.toArray(String[]::new))).isEqualTo(2);
    assertThat(console.err()).isEqualTo("llavamed: " + message + "\nTry 'llavamed ask --help'.\n");
    assertThat(runtime.diary).isEmpty();
  }

  @Test
  void anEmptyStopTextIsAUsageError() {
    assertThat(console.run("ask", picture, "What?", "--stop", "")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: --stop needs a text that is not empty.\n");
  }

  @Test
  void withoutAPictureTheOnlyArgumentIsTheQuestion() throws IOException {
    assertThat(console.run("ask", "--no-picture", "What is it?")).isZero();
    assertThat(console.out()).isEqualTo("grey value 0\n" + ResearchMark.NOTICE + "\n");
    assertThat(console.run("ask", "--no-picture", "What is it?", "--json")).isZero();
    JsonNode json = new ObjectMapper().readTree(console.out());
    assertThat(json.fieldNames()).toIterable().startsWith("question").contains("notice");
    assertThat(console.run("ask", "--no-picture")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: Missing required parameter: 'QUESTION'.\n");
    assertThat(console.run("ask", "--no-picture", "--frame", "1", "What?")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: --no-picture asks without a picture: name");
  }

  @Test
  void aSchemaOrdersTheAnswerWhoseBlanksAreKept() throws IOException {
    Path schema = Files.writeString(folder.resolve("s.json"), "{\"type\":\"string\"}");
    runtime.answer = "{\"a\": \"b  c\"}";
    assertThat(console.run("ask", picture, "What?", "--json-schema", schema.toString())).isZero();
    assertThat(console.out()).isEqualTo("{\"a\": \"b  c\"}\n" + ResearchMark.NOTICE + "\n");
    assertThat(runtime.queries)
        .containsExactly(new Query("What?", List.of(), "{\"type\":\"string\"}", Generation.GREEDY));
  }

  @Test
  void anAnswerThatIsCutBeforeItsJsonIsWholeIsAnError() throws IOException {
    Path schema = Files.writeString(folder.resolve("s.json"), "{\"type\":\"string\"}");
    runtime.answer = "{\"a\": \"b";
    assertThat(console.run("ask", picture, "What?", "--json-schema", schema.toString()))
        .isEqualTo(1);
    assertThat(console.out()).isEqualTo("{\"a\": \"b\n" + ResearchMark.NOTICE + "\n");
    assertThat(console.err())
        .isEqualTo(
            "llavamed: the answer is cut after 3 tokens, before its JSON is whole. Allow more with"
                + " --max-new-tokens, or ask for less in one answer.\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "12       | MAX_NEW_TOKENS  | 1",
        "1.5e3    | CONTEXT_FULL    | 1",
        "-7       | STOP_TEXT       | 1",
        "12       | END_OF_SEQUENCE | 0",
        "true     | MAX_NEW_TOKENS  | 0",
        "\"12\" | MAX_NEW_TOKENS  | 0",
        "[12]     | MAX_NEW_TOKENS  | 0"
      })
  void aNumberIsWholeOnlyWhereTheModelEndedIt(String answer, StopReason stop, int code)
      throws IOException {
    Path schema = Files.writeString(folder.resolve("s.json"), "{}");
    runtime.answer = answer;
    runtime.stop = stop;
    assertThat(console.run("ask", picture, "What?", "--json-schema", schema.toString()))
        .isEqualTo(code);
    assertThat(console.err()).hasLineCount(code);
  }

  @Test
  void schemaFilesThatAreNoneAreUsageErrors() throws IOException {
    Path empty = Files.writeString(folder.resolve("empty.json"), " \n");
    assertThat(console.run("ask", picture, "What?", "--json-schema", empty.toString()))
        .isEqualTo(2);
    assertThat(console.err())
        .startsWith("llavamed: --json-schema " + empty + ": the file is empty.\n");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xFF, 0});
    assertThat(console.run("ask", picture, "What?", "--json-schema", binary.toString()))
        .isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --json-schema " + binary + ": it is no UTF-8 text. Name a text file,");
    Path huge = Files.write(folder.resolve("huge"), new byte[70_000]);
    assertThat(console.run("ask", picture, "What?", "--json-schema", huge.toString())).isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --json-schema " + huge + ": has 70000 bytes, expected at most 65536.\n");
    assertThat(
            console.run("ask", picture, "What?", "--json-schema", empty.toString(), "--stop", "x"))
        .isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --stop would cut the answer that --json-schema orders; leave one of them"
                + " out.\n");
  }

  @Test
  void aPictureThatCannotBeReadIsNamed() throws IOException {
    String text = Files.writeString(folder.resolve("t"), "text").toString();
    assertThat(console.run("ask", text, "What?")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("llavamed: " + text + ": no DICOM object. Name a DICOM file.\n");
    String document = Files.writeString(folder.resolve("d"), "dicom").toString();
    assertThat(console.run("ask", document, "What?")).isEqualTo(1);
    assertThat(console.err())
        .isEqualTo("llavamed: " + document + ": the object has no pixels. Name a picture.\n");
    assertThat(console.out()).isEmpty();
  }
}
