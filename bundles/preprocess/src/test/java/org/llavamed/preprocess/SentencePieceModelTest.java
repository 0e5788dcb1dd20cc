package org.llavamed.preprocess;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SentencePieceModelTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path RESOURCES = Path.of("src/test/resources/org/llavamed/preprocess");
  private static final String LLAMA = "tokenizers/llama/tokenizer.model";
  private static final String MISTRAL = "tokenizers/mistral/tokenizer.model.v1";

  @TempDir Path folder;

  private static Path model(String name) {
    return RESOURCES.resolve("sentencepiece-" + name + ".model");
  }

  private Tokenizer converted(Path model) throws IOException {
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, SentencePieceModel.read(model).tokenizerJson(List.of()));
    return Tokenizer.open(file);
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "unknown", "bare"})
  void givesTheIdsOfTheScriptsLibrary(String name) throws IOException {
    JsonNode golden = JSON.readTree(RESOURCES.resolve("golden-sentencepiece.json").toFile());
    try (Tokenizer tokenizer = converted(model(name))) {
      int i = 0;
      for (JsonNode text : golden.path("texts")) {
        List<Integer> expected =
            StreamSupport.stream(golden.path("ids").path(name).path(i++).spliterator(), false)
                .map(JsonNode::asInt)
                .toList();
        assertThat(tokenizer.encode(text.asText())).as("'%s'", text.asText()).isEqualTo(expected);
      }
      assertThat(i).isEqualTo(14);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"llama", "unknown", "bare"})
  void givesTheLibrarysIdsForRandomTexts(String name) throws IOException {
    assertEqualIds(model(name), RandomTexts.of(11, 3000), "random texts, model " + name);
  }

  @ParameterizedTest
  @ValueSource(strings = {LLAMA, MISTRAL})
  void givesTheLibrarysIdsForRandomTextsInLargeModels(String model) throws IOException {
    assertEqualIds(SharedFiles.file(model), RandomTexts.of(12, 4000), "random texts, " + model);
  }

  @ParameterizedTest
  @ValueSource(strings = {LLAMA, MISTRAL})
  void givesTheLibrarysIdsForRadiologicalQuestionsAndAnswers(String model) throws IOException {
    List<String> texts = new ArrayList<>();
    for (String split : List.of("vqa-rad/trainset.json", "vqa-rad/testset.json")) {
      for (JsonNode row : JSON.readTree(SharedFiles.file(split).toFile())) {
        texts.add(row.path("question").asText());
        texts.add(row.path("answer").asText());
      }
    }
    assertEqualIds(SharedFiles.file(model), texts, "VQA-RAD, " + model);
  }

  private void assertEqualIds(Path model, List<String> texts, String what) throws IOException {
    try (Reference reference = Reference.open(model);
        Tokenizer tokenizer = converted(model)) {
      for (String text : texts) {
        List<Integer> ids = reference.encode(text);
        assertThat(tokenizer.encode(text)).as("'%s'", text).isEqualTo(ids);
      }
    }
    System.out.println(texts.size() + " equal: " + what);
  }

  @Test
  void givesTheIdsOfLlamasVectors() throws IOException {
    String base = "tokenizers/llama/ggml-vocab-llama-spm.gguf";
    List<String> texts =
        List.of(
            Files.readString(SharedFiles.file(base + ".inp")).split("\n__ggml_vocab_test__\n", -1));
    List<String> ids = Files.readAllLines(SharedFiles.file(base + ".out"));
    try (Tokenizer tokenizer = converted(SharedFiles.file(LLAMA))) {
      for (int i = 0; i < ids.size(); i++) {
        List<Integer> expected =
            Stream.of(ids.get(i).strip().split(" "))
                .filter(id -> !id.isEmpty())
                .map(Integer::valueOf)
                .toList();
        assertThat(tokenizer.encode(texts.get(i))).as("text %d", i).isEqualTo(expected);
      }
    }
    System.out.println(ids.size() + " equal: LLaMA's vectors");
  }

  @Test
  void writesWhatMistralPublished() throws IOException {
    JsonNode published =
        JSON.readTree(SharedFiles.file("tokenizers/mistral/tokenizer.json").toFile());
    JsonNode own =
        JSON.readTree(SentencePieceModel.read(SharedFiles.file(MISTRAL)).tokenizerJson(List.of()));
    assertThat(own.path("model").path("merges")).isEqualTo(published.path("model").path("merges"));
    assertThat(own.path("model").path("vocab")).isEqualTo(published.path("model").path("vocab"));
    assertThat(own.path("added_tokens")).isEqualTo(published.path("added_tokens"));
    assertThat(own.path("decoder")).isEqualTo(published.path("decoder"));
    assertThat(own.path("post_processor")).isEqualTo(published.path("post_processor"));
  }

  /** Without what the library's Java binding cannot hand back: U+0000, beyond U+FFFF. */
  @ParameterizedTest
  @ValueSource(strings = {"llama", "bare"})
  void decodesAsTheLibrary(String name) throws IOException {
    try (Reference reference = Reference.open(model(name));
        Tokenizer tokenizer = converted(model(name))) {
      for (String random : RandomTexts.of(13, 500)) {
        String text = random.replaceAll("[\\x00\\x{10000}-\\x{10FFFF}]", "");
        List<Integer> ids = reference.encode(text);
        assertThat(tokenizer.decode(ids)).as("'%s'", text).isEqualTo(reference.decode(ids));
      }
    }
  }
}
