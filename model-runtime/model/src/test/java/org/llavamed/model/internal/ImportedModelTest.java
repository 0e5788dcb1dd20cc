package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.importer.internal.HuggingFaceImporter;
import org.llavamed.inference.Answer;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.inference.Query;

/** What the importer writes, run by the runtime: both precisions. */
class ImportedModelTest {
  private static final Path DATA = Path.of(System.getProperty("shared.data", "absent"));
  private static final Path CHECKPOINT =
      Path.of("../importer/src/test/resources/golden-layouts/llava-new-mistral/checkpoint");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUESTION = "w10 w11 w12";
  private static final int VOCABULARY = 64;

  @TempDir Path scratch;

  /** The importer's random checkpoint, with a tokenizer that has a word for each token. */
  private Path variant() throws IOException {
    Path folder = Files.createDirectories(scratch.resolve("variant"));
    try (Stream<Path> files = Files.list(CHECKPOINT)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
    ObjectNode tokenizer = JSON.createObjectNode().put("version", "1.0");
    ArrayNode added = tokenizer.putArray("added_tokens");
    ObjectNode model = JSON.createObjectNode().put("type", "WordLevel").put("unk_token", "<unk>");
    ObjectNode words = model.putObject("vocab");
    List<String> special = List.of("<unk>", "<s>", "</s>", "<image>");
    for (int id = 0; id < VOCABULARY; id++) {
      boolean own = id < special.size();
      words.put(own ? special.get(id) : "w" + id, id);
      if (own) {
        added
            .addObject()
            .put("id", id)
            .put("content", special.get(id))
            .put("single_word", false)
            .put("lstrip", false)
            .put("rstrip", false)
            .put("normalized", false)
            .put("special", true);
      }
    }
    tokenizer.putObject("pre_tokenizer").put("type", "WhitespaceSplit");
    tokenizer.set("model", model);
    JSON.writeValue(folder.resolve("tokenizer.json").toFile(), tokenizer);
    return folder;
  }

  private Path imported(Path checkpoint, Precision precision) {
    Path out = scratch.resolve(precision.name());
    ModelCard card =
        new HuggingFaceImporter()
            .importCheckpoint(
                ImportRequest.of(checkpoint, out, Precisions.of(precision)), Progress.NONE);
    assertThat(ModelFolder.open(out).card()).isEqualTo(card);
    return out;
  }

  private static LlavaModel open(Path folder) {
    return (LlavaModel) new OnnxModelRuntime(TinyVqa.SETTINGS).open(folder);
  }

  private record Result(Logits first, Answer free, Answer chosen) {}

  private static Result ask(Path folder) {
    try (LlavaModel model = open(folder);
        LlavaPicture picture = (LlavaPicture) model.encode(TinyVqa.rings(64, 20))) {
      return new Result(
          picture.firstLogits(QUESTION),
          picture.answer(Query.open(QUESTION, Generation.GREEDY.withMaxNewTokens(8)), text -> {}),
          picture.answer(Query.choice(QUESTION, List.of("w20", "w21 w22")), text -> {}));
    }
  }

  /** Correlation of the logits: 1 for equal ones, near 0 for those of another model. */
  private static double likeness(Logits a, Logits b) {
    double meanA = IntStream.range(0, VOCABULARY).mapToDouble(a::value).average().orElseThrow();
    double meanB = IntStream.range(0, VOCABULARY).mapToDouble(b::value).average().orElseThrow();
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int token = 0; token < VOCABULARY; token++) {
      product += (a.value(token) - meanA) * (b.value(token) - meanB);
      squareA += Math.pow(a.value(token) - meanA, 2);
      squareB += Math.pow(b.value(token) - meanB, 2);
    }
    return product / Math.sqrt(squareA * squareB);
  }

  @Test
  void int8RunsAndStaysNearFloat32() throws IOException {
    Path checkpoint = variant();
    Path reduced = imported(checkpoint, Precision.INT8);
    assertThat(
            new GraphChooser(ModelFolder.open(reduced), TinyVqa.SETTINGS, false, Memory.UNKNOWN)
                .choose(Map.of())
                .step()
                .name())
        .isEqualTo("onnx/decoder_model_merged_int8.onnx");
    Result whole = ask(imported(checkpoint, Precision.FP32));
    Result int8 = ask(reduced);
    double likeness = likeness(int8.first(), whole.first());
    System.out.println("int8, random weights: correlation of the first logits " + likeness);
    assertThat(likeness).isBetween(0.98, 1 - 1e-9);
    assertThat(int8.free().tokens()).isNotEmpty();
    assertThat(int8.chosen().choices()).hasSize(2);
    assertThat(int8.chosen().choices().get(0).probability())
        .isCloseTo(whole.chosen().choices().get(0).probability(), within(0.1));
  }

  @Test
  void int8KeepsNearlyAllAnswersOfTheEmbeddedModelsCheckpoint() throws IOException {
    Path checkpoint = DATA.resolve("tiny-llava");
    Path images = DATA.resolve("vqa-rad/images");
    boolean present = Files.exists(checkpoint.resolve("expected.json")) && Files.exists(images);
    if (!present) {
      System.out.println("SKIPPED: no checkpoint and reference answers in " + DATA);
    }
    assumeTrue(present, "no checkpoint and reference answers in " + DATA);
    JsonNode cases = JSON.readTree(checkpoint.resolve("expected.json").toFile()).path("cases");
    assertThat(cases).hasSize(91);
    int equal = 0;
    Map<String, String> others = new TreeMap<>();
    try (LlavaModel model = open(imported(checkpoint, Precision.INT8))) {
      for (JsonNode one : cases) {
        String expected = one.path("answer").asText().strip();
        try (EncodedPicture picture =
            model.encode(TinyVqa.read(images.resolve(one.path("image").asText())))) {
          String question = one.path("question").asText();
          String found =
              picture
                  .answer(Query.open(question, Generation.GREEDY.withMaxNewTokens(64)), text -> {})
                  .text();
          equal += found.equals(expected) ? 1 : 0;
          if (!found.equals(expected)) {
            others.put(one.path("qid").asText(), expected + " -> " + found);
          }
        }
      }
    }
    System.out.println("int8: " + equal + " of 91 answers equal float32's, not " + others);
    assertThat(equal).isGreaterThanOrEqualTo(88);
  }
}
