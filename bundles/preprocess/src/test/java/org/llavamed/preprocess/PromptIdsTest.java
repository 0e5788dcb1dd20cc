package org.llavamed.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.ConversationTemplate.Segment;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/** The prompts' ids are those of the original code for checkpoints with a tokenizer.model. */
class PromptIdsTest {
  private static final int POSITIONS = 5;
  private static final String SMALL = "small";

  private static final List<List<Turn>> CONVERSATIONS =
      List.of(
          List.of(new Turn("Is there a mass in the left lung?", "No")),
          List.of(new Turn("Where is the lesion?", "The right upper lobe of the lung.")),
          List.of(new Turn("  Two leading blanks, trailing two?  ", " a blank before")),
          List.of(new Turn("\nA line feed before,\n\none within?\n", "Yes\n")),
          List.of(new Turn("Größe in µm?", "3 µm, naïve e\u0301")),
          List.of(new Turn("肺に結節がありますか", "はい \ud83e\ude7b\ud83e\udec0")),
          List.of(new Turn("Is it #1 ### or [INST]?", "USER: ASSISTANT: [/INST]")),
          List.of(new Turn("1", "2"), new Turn("3", "4"), new Turn("5?", "6.")),
          List.of(new Turn("What modality?", "CT"), new Turn("Which plane?", "axial")),
          List.of(
              new Turn("What is shown?", "A chest X-ray."),
              new Turn("  Is the heart large? ", "It is. "),
              new Turn("Are you sure?", "")));

  @TempDir Path folder;

  private static Path model(String name) {
    return name.equals(SMALL)
        ? Path.of("src/test/resources/org/llavamed/preprocess/sentencepiece-llama.model")
        : SharedFiles.file("tokenizers/" + name);
  }

  @ParameterizedTest
  @CsvSource({
    "small,mistral_instruct",
    "small,vicuna_v1",
    "llama/tokenizer.model,vicuna_v1",
    "mistral/tokenizer.model.v1,mistral_instruct"
  })
  void idsAroundAPictureAreThoseOfVersionOneFive(String name, String label) throws IOException {
    SentencePieceModel model = SentencePieceModel.read(model(name));
    ConversationTemplate template = ConversationTemplate.named(label);
    int picture = model.size();
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, model.tokenizerJson(List.of(AddedToken.special(picture, "<image>"))));
    try (Reference library = Reference.open(model(name));
        Tokenizer tokenizer = Tokenizer.open(file)) {
      OriginalRule rule = new OriginalRule(library, Map.of("</s>", 2), false);
      List<Integer> ids = new ArrayList<>();
      for (List<Turn> turns : CONVERSATIONS) {
        for (boolean shown : List.of(true, false)) {
          for (boolean whole : List.of(true, false)) {
            String slot = shown ? "<image>".repeat(POSITIONS) : "";
            String expected = text(template, shown ? "<image>" : "", turns, whole);
            ids.clear();
            ids.add(1);
            ids.addAll(tokenizer.encode(text(template, slot, turns, whole)));
            assertThat(ids)
                .as(expected)
                .isEqualTo(rule.withPictures(expected, 1, picture, POSITIONS));
          }
        }
      }
    }
    System.out.println(4 * CONVERSATIONS.size() + " equal: " + label + ", " + name);
  }

  @ParameterizedTest
  @CsvSource({
    "small,llava_med_v1_trained",
    "small,llava_med_v1_released",
    "llama/tokenizer.model,llava_med_v1_trained",
    "llama/tokenizer.model,llava_med_v1_released"
  })
  void idsAroundAPictureAreThoseOfVersionOne(String name, String label) throws IOException {
    int size = versionOne(model(name));
    ConversationTemplate template = ConversationTemplate.named(label);
    Map<String, Integer> own =
        Map.of(
            "<s>",
            1,
            "</s>",
            2,
            "[PAD]",
            size,
            "<im_patch>",
            size + 1,
            "<im_start>",
            size + 2,
            "<im_end>",
            size + 3);
    String slot = "<im_start>" + "<im_patch>".repeat(POSITIONS) + "<im_end>";
    SentencePieceCheckpoint checkpoint = SentencePieceCheckpoint.read(folder);
    Path file = Files.writeString(folder.resolve("tokenizer.json"), checkpoint.tokenizerJson());
    try (Reference library = Reference.open(model(name));
        Tokenizer tokenizer = Tokenizer.open(file)) {
      OriginalRule rule = new OriginalRule(library, own, true);
      for (List<Turn> turns : CONVERSATIONS) {
        for (boolean whole : List.of(true, false)) {
          String text = text(template, slot, turns, whole);
          assertThat(tokenizer.encode(text)).as(text).isEqualTo(rule.text(text));
          assertThat(tokenizer.encode(text)).containsOnlyOnce(size + 2, size + 3);
          String without = text(template, "", turns, whole);
          assertThat(tokenizer.encode(without)).as(without).isEqualTo(rule.text(without));
        }
      }
    }
    System.out.println(4 * CONVERSATIONS.size() + " equal: " + label + ", " + name);
  }

  private static String text(
      ConversationTemplate template, String slot, List<Turn> turns, boolean whole) {
    return whole
        ? template.conversation(slot, turns).stream()
            .map(Segment::text)
            .collect(Collectors.joining())
        : template.prompt(slot, turns.get(0).question());
  }

  /** Writes the files of a v1.0 checkpoint as transformers of its time saved them. */
  private int versionOne(Path model) throws IOException {
    Files.copy(model, folder.resolve("tokenizer.model"));
    int size = SentencePieceModel.read(model).size();
    Files.writeString(
        folder.resolve("added_tokens.json"),
        """
        {"<im_end>": %d, "<im_patch>": %d, "<im_start>": %d, "[PAD]": %d}
        """
            .formatted(size + 3, size + 1, size + 2, size));
    Files.writeString(
        folder.resolve("special_tokens_map.json"),
        """
        {"bos_token": "</s>", "eos_token": "</s>", "pad_token": "[PAD]", "unk_token": "<unk>"}
        """);
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"bos_token": {"__type": "AddedToken", "content": "<s>", "lstrip": false, "rstrip": false},
         "eos_token": "", "model_max_length": 2048, "tokenizer_class": "LlamaTokenizer"}
        """);
    return size;
  }

  @Test
  void aLineFeedBehindThePictureHasATokenInVersionOneFiveButNotInVersionOne() throws IOException {
    int size = versionOne(model(SMALL));
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, SentencePieceCheckpoint.read(folder).tokenizerJson());
    SentencePieceModel model = SentencePieceModel.read(model(SMALL));
    int blank = model.id("\u2581").orElseThrow();
    int feed = model.id("<0x0A>").orElseThrow();
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      assertThat(tokenizer.encode("<im_end>\nNo")).startsWith(size + 3).doesNotContain(feed);
    }
    Files.writeString(file, model.tokenizerJson(List.of(AddedToken.special(size, "<image>"))));
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      assertThat(tokenizer.encode("<image>\nNo")).startsWith(size, blank, feed);
    }
  }

  @Test
  void aCheckpointsStartTokenIsTheOneItsFilesName() throws IOException {
    versionOne(model(SMALL));
    SentencePieceCheckpoint checkpoint = SentencePieceCheckpoint.read(folder);
    assertThat(checkpoint.beginId()).isEqualTo(OptionalInt.of(2));
    assertThat(checkpoint.endId()).isEqualTo(OptionalInt.of(2));
    assertThat(checkpoint.tokenizerJson()).contains("\"ids\":[2],\"tokens\":[\"</s>\"]");
    Files.delete(folder.resolve("special_tokens_map.json"));
    SentencePieceCheckpoint second = SentencePieceCheckpoint.read(folder);
    assertThat(second.beginId()).isEqualTo(OptionalInt.of(1));
    assertThat(second.endId()).isEqualTo(OptionalInt.of(2));
  }

  @Test
  void laterCheckpointsStateWhatEatsBlanks() throws IOException {
    Files.copy(model(SMALL), folder.resolve("tokenizer.model"));
    Files.writeString(
        folder.resolve("tokenizer_config.json"),
        """
        {"added_tokens_decoder": {
           "560": {"content": "<image>", "lstrip": false, "rstrip": true, "special": false},
           "2": {"content": "</s>", "lstrip": false, "rstrip": false, "special": true}},
         "bos_token": "<s>", "eos_token": "</s>", "add_bos_token": false}
        """);
    Files.writeString(folder.resolve("added_tokens.json"), "{\"<image>\": 560, \"<x>\": 561}");
    SentencePieceCheckpoint checkpoint = SentencePieceCheckpoint.read(folder);
    assertThat(checkpoint.added())
        .containsExactly(
            AddedToken.special(2, "</s>"),
            new AddedToken(560, "<image>", false, false, true),
            AddedToken.special(561, "<x>"));
    assertThat(checkpoint.tokenizerJson()).contains("\"post_processor\":null");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "added_tokens.json | {\"<x>\": \"y\"} | the id of an added token is 'y', expected a number",
        "added_tokens.json | {\"\": 560} | The added token '' has the id 560, expected a text and an"
            + " id of 0 or more.",
        "added_tokens.json | {\"<x>\": 560, \"<y>\": 560} | the added tokens '<x>' and '<y>' have the"
            + " id 560",
        "special_tokens_map.json | {\"bos_token\": \"<x>\"} | bos_token is '<x>', which is no token"
            + " of the model",
      })
  void namesFilesThatDoNotFit(String row) throws IOException {
    String[] cells = row.split(" \\| ", -1);
    Files.copy(model(SMALL), folder.resolve("tokenizer.model"));
    Files.writeString(folder.resolve(cells[0]), cells[1]);
    assertThatThrownBy(() -> SentencePieceCheckpoint.read(folder).tokenizerJson())
        .isInstanceOf(ModelException.class)
        .hasMessage(folder + ": " + cells[2] + ". Take tokenizer files of one checkpoint.");
  }

  @Test
  void namesAFileThatIsNoObject() throws IOException {
    Files.copy(model(SMALL), folder.resolve("tokenizer.model"));
    Path file = Files.writeString(folder.resolve("added_tokens.json"), "[1]");
    assertThatThrownBy(() -> SentencePieceCheckpoint.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessage(file + ": is no JSON object. Take tokenizer files of one checkpoint.");
    Files.writeString(file, "{");
    assertThatThrownBy(() -> SentencePieceCheckpoint.read(folder))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(file + ": is no valid JSON (")
        .hasMessageEndingWith("). Take tokenizer files of one checkpoint.");
  }
}
