package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResearchMark;

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
    assertThat(console.err())
        .startsWith("llavamed: " + folder + ": cannot be read (")
        .endsWith("). Name a readable file.\n");
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
            "seconds",
            "model",
            "notice");
    assertThat(json.get("answer").asText()).isEqualTo("grey\nvalue 2");
    assertThat(json.get("frame").asInt()).isEqualTo(3);
    assertThat(json.get("probability").asDouble()).isEqualTo(0.5);
    assertThat(json.get("rendering").asText()).isEqualTo("PERCENTILES");
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
            "llavamed: " + folder + "/gone.png: no such file.\nTry 'llavamed ask --help'.\n");
    assertThat(console.run("ask", picture, " ")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: The question is blank.\n");
    assertThat(console.run("ask", picture)).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: Missing required parameter: 'QUESTION'.\n");
    assertThat(console.run("ask", "--choices", "one", picture, "What?")).isEqualTo(2);
    assertThat(console.err()).startsWith("llavamed: --choices needs at least two answers");
    assertThat(console.run("ask", "--model", folder + "/gone", picture, "What?")).isEqualTo(2);
    assertThat(console.err())
        .startsWith(
            "llavamed: --model "
                + folder
                + "/gone: no such folder. Name a model folder, as 'llavamed model import' makes one.\n");
    assertThat(runtime.diary).isEmpty();
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
