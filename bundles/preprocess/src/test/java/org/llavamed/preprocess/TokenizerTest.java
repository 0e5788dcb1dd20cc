package org.llavamed.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.ModelException;

class TokenizerTest {
  /** The tokenizer of the embedded model: byte-level, 1,472 tokens. */
  private static final Path FILE = Path.of("../../dist/models/tiny-vqa/tokenizer.json");

  @TempDir Path folder;

  @Test
  void encodesAPromptWithItsPictureAsTheCheckpointDoes() {
    try (Tokenizer tokenizer = Tokenizer.open(FILE)) {
      String prompt =
          ConversationTemplate.MISTRAL_INSTRUCT.prompt(
              "<image>".repeat(49), "Is there an intraparenchymal abnormality?");
      List<Integer> ids = tokenizer.encode("<s>" + prompt);
      assertThat(ids.subList(0, 5)).containsExactly(1, 63, 568, 65, 225);
      assertThat(ids.subList(5, 54)).containsOnly(3);
      assertThat(ids.subList(54, 57)).containsExactly(203, 269, 283);
      assertThat(ids.subList(ids.size() - 3, ids.size())).containsExactly(778, 568, 65);
    }
  }

  @Test
  void addsNoTokens() {
    try (Tokenizer tokenizer = Tokenizer.open(FILE)) {
      assertThat(tokenizer.encode("")).isEmpty();
      assertThat(tokenizer.encode(" no")).containsExactly(457);
    }
  }

  @Test
  void cutsNoLongText() {
    try (Tokenizer tokenizer = Tokenizer.open(FILE)) {
      assertThat(tokenizer.encode(" no".repeat(5000))).hasSize(5000).containsOnly(457);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "plain text",
        " two  blanks ",
        "Größe: 3 µm",
        "肺結節",
        "\uD83E\uDE7B x \uD83E\uDEC0",
        "a\nb\t.",
        "",
        "\u0000 zero"
      })
  void decodesWhatItEncoded(String text) {
    try (Tokenizer tokenizer = Tokenizer.open(FILE)) {
      assertThat(tokenizer.decode(tokenizer.encode(text))).isEqualTo(text);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a growing text", " Größe 3 µm ", "肺 結節", "\uD83E\uDE7B\uD83E\uDEC0 \n end\n "})
  void streamsNeverHalfACharacterAndTogetherTheWholeText(String text) {
    try (Tokenizer tokenizer = Tokenizer.open(FILE)) {
      TextStream stream = tokenizer.stream();
      List<String> pieces = new ArrayList<>();
      for (int id : tokenizer.encode(text)) {
        pieces.add(stream.append(id));
      }
      pieces.add(stream.finish());
      assertThat(pieces).noneMatch(piece -> piece.contains("\uFFFD"));
      assertThat(pieces).allMatch(TokenizerTest::wholeCharacters);
      assertThat(String.join("", pieces)).isEqualTo(text.strip()).isEqualTo(stream.text());
      assertThat(stream.ids()).isEqualTo(tokenizer.encode(text));
    }
  }

  private static boolean wholeCharacters(String piece) {
    return piece.isEmpty()
        || (!Character.isLowSurrogate(piece.charAt(0))
            && !Character.isHighSurrogate(piece.charAt(piece.length() - 1)));
  }

  @Test
  void streamsBytesThatFormNoCharacterAtTheEnd() {
    try (Tokenizer tokenizer = Tokenizer.open(FILE)) {
      List<Integer> whole = tokenizer.encode("肺");
      assertThat(whole).hasSizeGreaterThan(1);
      TextStream stream = tokenizer.stream();
      assertThat(stream.append(whole.get(0))).isEmpty();
      assertThat(stream.finish()).isEqualTo("\uFFFD");
    }
  }

  @Test
  void namesAFileThatIsNoTokenizer() throws IOException {
    Path file = Files.writeString(folder.resolve("tokenizer.json"), "{\"model\": 3}");
    assertThatThrownBy(() -> Tokenizer.open(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(file + ": not a tokenizer that can be read (")
        .hasMessageEndingWith("). Take the tokenizer.json of the checkpoint.");
    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThatThrownBy(() -> Tokenizer.open(binary))
        .isInstanceOf(ModelException.class)
        .hasMessage(binary + ": is not UTF-8 text. Take the tokenizer.json of the checkpoint.");
  }

  /** Each of these would end the process in the native parser. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"decoder\":{\"type\":nul}}",
        "{\"decoder\":{\"type\":\"\\ud800\"}}",
        "{\"decoder\":{\"type\":1e999}}",
        "{\"decoder\":{\"type\"",
        "{\"decoder\":DEEP}"
      })
  void namesADamagedDecoderWithoutEndingTheProcess(String json) throws IOException {
    String deep = "[".repeat(200) + "]".repeat(200);
    Path file = Files.writeString(folder.resolve("tokenizer.json"), json.replace("DEEP", deep));
    assertThatThrownBy(() -> Tokenizer.open(file))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(file + ": not a tokenizer that can be read (")
        .hasMessageEndingWith("). Take the tokenizer.json of the checkpoint.");
  }

  @Test
  void namesAFileThatIsMissing() {
    Path file = folder.resolve("absent.json");
    assertThatThrownBy(() -> Tokenizer.open(file))
        .isInstanceOf(ModelException.class)
        .hasMessage(file + ": there is no such file. Name a folder that holds a tokenizer.json.");
  }

  @Test
  void refusesWorkAfterClosing() {
    Tokenizer tokenizer = Tokenizer.open(FILE);
    tokenizer.close();
    tokenizer.close();
    assertThatThrownBy(() -> tokenizer.encode("text"))
        .isInstanceOf(ModelException.class)
        .hasMessage(FILE + ": the tokenizer is closed. Open the model again.");
  }
}
