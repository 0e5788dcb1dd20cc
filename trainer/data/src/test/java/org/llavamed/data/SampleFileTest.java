package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.preprocess.ConversationTemplate.Turn;

final class SampleFileTest {
  private static final String PICTURED =
      """
      {"id": "a", "image": "b/c.png", "domain": {"mri": true}, "KEY": [
        {"from": "human", "value": "QUESTION"}, {"from": "gpt", "value": "Liver. "},
        {"from": "human", "value": "Which plane?"}, {"from": "gpt", "value": "Axial"}]}
      """;

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource({"conversations", "conversatons"})
  void bothSpellingsOfConversationsAreRead(String key) throws IOException {
    assertThat(read("[" + pictured(key, "<image>\\nWhat is this?") + "]"))
        .containsExactly(
            new Sample(
                "a",
                Optional.of("b/c.png"),
                List.of(new Turn("What is this?", "Liver."), new Turn("Which plane?", "Axial")),
                Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"<image>\\nÄh, what?", "Äh, what?\\n<image>", "Äh, what?", " Äh, what? "})
  void theMarkOfThePictureIsTakenOutWhereverItStands(String question) throws IOException {
    assertThat(read(pictured("conversations", question)).get(0).turns().get(0).question())
        .isEqualTo("Äh, what?");
  }

  @Test
  void jsonLinesAreReadAsAListIs() throws IOException {
    String line = pictured("conversations", "Ö?").replace("\n", " ");
    assertThat(read(line + "\n\n" + line))
        .isEqualTo(read("[" + line + "," + line + "]"))
        .hasSize(2);
    assertThat(read(line + "\n" + line + "\n")).hasSize(2);
  }

  @Test
  void aFileMayBeginWithAByteOrderMark() throws IOException {
    assertThat(read("\uFEFF[" + pictured("conversations", "Ö?") + "]")).hasSize(1);
  }

  @Test
  void anEmptyListHasNoSample() throws IOException {
    assertThat(read("[]")).isEmpty();
    assertThat(read("")).isEmpty();
  }

  @Test
  void samplesAreReadInAnyOrder() throws IOException {
    Path file = folder.resolve("many.json");
    SampleWriter.write(file, IntStream.range(0, 1000).mapToObj(SampleFileTest::numbered));
    try (SampleFile samples = SampleFile.open(file)) {
      assertThat(samples.size()).isEqualTo(1000);
      for (int i = 999; i >= 0; i -= 37) {
        assertThat(samples.get(i)).isEqualTo(numbered(i));
      }
    }
  }

  @Test
  void whatIsWrittenIsRead() throws IOException {
    var vqa =
        new VqaMeta("7", AnswerType.CLOSED, Optional.of("PRES"), Optional.empty(), "validation");
    var samples =
        List.of(
            new Sample(
                "1",
                Optional.of("x.png"),
                List.of(new Turn("a \"b\"\n\t", "é😀")),
                Optional.of(vqa)),
            new Sample(
                "2",
                Optional.empty(),
                List.of(new Turn("c", "d"), new Turn("e", "f")),
                Optional.empty()));
    Path file = folder.resolve("out.json");
    SampleWriter.write(file, samples.stream());
    assertThat(all(file))
        .containsExactly(
            new Sample(
                "1", Optional.of("x.png"), List.of(new Turn("a \"b\"", "é😀")), Optional.of(vqa)),
            samples.get(1));
    assertThat(Files.readString(file)).contains("<image>\\na \\\"b\\\"");
  }

  @Test
  void aFileThatCannotBeMadeWholeIsNotThere() throws IOException {
    Path file = folder.resolve("out.json");
    Stream<Sample> failing = IntStream.of(1, 0).mapToObj(i -> numbered(1 / i));
    assertThatThrownBy(() -> SampleWriter.write(file, failing))
        .isInstanceOf(ArithmeticException.class);
    try (Stream<Path> left = Files.list(folder)) {
      assertThat(left).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"id\": 3} | record 1 (id '3'): the key 'conversations' is missing. Add it",
        "{} | record 1: the key 'id' is missing",
        "{\"id\": \" \"} | record 1: the key 'id' is blank, expected a text",
        "[{\"id\": \"x\", \"conversations\": [] }] | (id 'x'): the key 'conversations' has 0 texts",
        "[{\"id\": \"x\", \"conversations\": [7] }] | 'conversations' is a list, expected a list of"
            + " objects",
        "[{\"id\": \"x\", \"image\": [] }] | 'image' is a list, expected a text",
        "[{\"id\": \"x\", \"conversations\": [], \"conversatons\": [] }] | has both",
        "[{\"id\": [] }, 3] | record 1: the key 'id' is a list, expected a text",
        "[{\"id\": \"x\", \"id\": \"y\"}] | record 1: it is no valid JSON",
        "[3] | record 1: it is no object",
        "[] 7 | something follows the list",
      })
  void anErrorNamesRecordIdAndKey(String json, String message) {
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("samples.json")
        .hasMessageContaining(message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "human | <image><image> | human | text",
        "human | a | gpt | <image>",
        "human | a | gpt | ` `",
        "gpt | a | human | b",
        "human | a | human | b",
        "system | a | gpt | b"
      })
  void aConversationThatCannotBeLearnedIsRefused(
      String first, String question, String second, String answer) {
    String json =
        """
        {"id": "z", "image": "i", "conversations":
          [{"from": "%s", "value": "%s"}, {"from": "%s", "value": "%s"}]}
        """
            .formatted(first, question, second, answer);
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("record 1 (id 'z')")
        .hasMessageContaining("conversations");
  }

  @Test
  void aMarkWithoutAPictureIsRefused() {
    String json = pictured("conversations", "<image>").replace("\"image\": \"b/c.png\",", "");
    assertThatThrownBy(() -> read(json))
        .hasMessageContaining(
            "has the mark <image> 1 times, expected as often as there are pictures (0)");
  }

  @Test
  void aCutFileIsRefusedWithItsRecord() {
    String json = "[" + pictured("conversations", "a") + ",{\"id\": \"b\"";
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("it is no valid JSON at line");
    assertThatThrownBy(() -> read("{\"id\": \"b\", \"conversations\": ["))
        .isInstanceOf(DataException.class);
  }

  @Test
  void aHugeRecordIsRefusedBeforeItIsRead() {
    String json = "{\"id\": \"" + "x".repeat(JsonRecords.MOST_BYTES) + "\"}";
    assertThatThrownBy(() -> read(json))
        .hasMessageContaining("record 1: it is longer than 4194304 bytes");
  }

  @Test
  void deepNestingIsRefused() {
    String json = "{\"id\": " + "[".repeat(100_000) + "]".repeat(100_000) + "}";
    assertThatThrownBy(() -> read(json))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("record 1: it is no valid JSON");
  }

  /** Bytes of a sound file are changed, doubled or cut off, 2,000 times. */
  @Test
  void aDamagedFileIsTakenOrNamed() throws IOException {
    byte[] sound = ("[" + pictured("conversations", "Ö?") + "]").getBytes(StandardCharsets.UTF_8);
    Path file = folder.resolve("damaged.json");
    int named = 0;
    for (int round = 0; round < 2000; round++) {
      var random = new SplittableRandom(round);
      Files.write(file, damaged(sound, random));
      try {
        all(file);
      } catch (DataException e) {
        assertThat(e).hasMessageStartingWith(file + ": ");
        named++;
      }
    }
    assertThat(named).isBetween(500, 2000);
  }

  private static byte[] damaged(byte[] sound, SplittableRandom random) {
    byte[] bytes = sound.clone();
    for (int i = random.nextInt(1, 4); i > 0; i--) {
      int at = random.nextInt(bytes.length);
      int kind = random.nextInt(3);
      if (kind == 0) {
        bytes[at] = (byte) random.nextInt(256);
      } else {
        byte[] rest = Arrays.copyOfRange(bytes, at, bytes.length);
        int cut = kind == 1 ? at : Math.min(bytes.length, at + random.nextInt(1, 9));
        bytes = Arrays.copyOf(bytes, cut + rest.length);
        System.arraycopy(rest, 0, bytes, cut, rest.length);
        bytes =
            kind == 1 ? Arrays.copyOf(bytes, Math.max(1, bytes.length - random.nextInt(9))) : bytes;
      }
    }
    return bytes;
  }

  @Test
  void anotherEncodingIsRefused() throws IOException {
    Path file = folder.resolve("samples.json");
    Files.write(file, "{\"id\": 3}".getBytes(StandardCharsets.UTF_16));
    assertThatThrownBy(() -> SampleFile.open(file)).hasMessageContaining("it is no UTF-8 text");
  }

  @Test
  void aMissingFileIsNamed() {
    assertThatThrownBy(() -> SampleFile.open(folder.resolve("no.json")))
        .isInstanceOf(DataException.class)
        .hasMessageContaining("no.json: there is no such file. Check the path.");
  }

  private static String pictured(String key, String question) {
    return PICTURED.replace("KEY", key).replace("QUESTION", question);
  }

  private static Sample numbered(int i) {
    return new Sample(
        "s" + i,
        i % 2 == 0 ? Optional.empty() : Optional.of(i + ".png"),
        List.of(new Turn("ü".repeat(i % 5) + "?", "a" + i)),
        Optional.empty());
  }

  private List<Sample> read(String json) throws IOException {
    return all(Files.writeString(folder.resolve("samples.json"), json));
  }

  private static List<Sample> all(Path file) {
    try (SampleFile samples = SampleFile.open(file)) {
      return samples.stream().toList();
    }
  }
}
