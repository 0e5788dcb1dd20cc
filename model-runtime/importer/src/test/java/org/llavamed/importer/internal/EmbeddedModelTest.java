package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Json;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;

/** The committed model in dist/models/tiny-vqa. */
final class EmbeddedModelTest {
  private static final Path EMBEDDED = Path.of("../../dist/models/tiny-vqa");

  @TempDir Path scratch;

  @Test
  void importingItsCheckpointGivesItsBytes() throws IOException {
    Path checkpoint = TinyLlava.copyInto(scratch.resolve("tiny-vqa"));
    Path out = scratch.resolve("model");
    ModelCard card =
        Imports.importer()
            .importCheckpoint(
                ImportRequest.of(checkpoint, out, Precisions.of(Precision.FP32)), Progress.NONE);
    assertThat(card.name()).isEqualTo("tiny-vqa");
    removeSelfCheck(out.resolve("llavamed.json"));
    for (Path file : files(out)) {
      assertThat(out.resolve(file)).hasSameBinaryContentAs(EMBEDDED.resolve(file));
    }
    assertThat(files(EMBEDDED))
        .filteredOn(file -> !file.endsWith("README.md"))
        .isEqualTo(files(out));
  }

  /** The embedded model is older than the self-check, whose figures differ between processors. */
  private static void removeSelfCheck(Path card) throws IOException {
    ObjectNode node = Json.object(card);
    JsonNode found = node.remove("selfCheck");
    System.out.println("float32, self-check: " + found);
    assertThat(found.path("equalNextTokens").asDouble()).isEqualTo(1);
    assertThat(found.path("largestLogitDifference").asDouble()).isPositive().isLessThan(1e-3);
    Json.write(card, node);
  }

  /** The answers that turn are those whose first token leads by a few hundredths. */
  @Test
  void int8ImportOfItsCheckpointKeepsNearlyAllAnswers() throws IOException, OrtException {
    Path checkpoint = TinyLlava.copyInto(scratch.resolve("tiny-vqa"));
    Path out = scratch.resolve("int8");
    Imports.importer()
        .importCheckpoint(
            ImportRequest.of(checkpoint, out, Precisions.of(Precision.INT8)), Progress.NONE);
    Golden golden = new Golden();
    int equal = 0;
    float largest = 0;
    try (OnnxModel model = new OnnxModel(out, "decoder_model_merged_int8")) {
      for (String picture : golden.pictures()) {
        float[] features = model.look(golden.pixels(picture));
        for (Golden.Case expected : golden.cases(picture)) {
          OnnxModel.Output found =
              model.answer(features, expected.prompt(), OnnxModel.Cache.SHARED, 40);
          equal += found.tokens().equals(expected.tokens()) ? 1 : 0;
          for (var logit : expected.top().entrySet()) {
            float difference = found.firstLogits().get(logit.getKey()) - logit.getValue();
            largest = Math.max(largest, Math.abs(difference));
          }
        }
      }
    }
    System.out.println("int8: " + equal + " answers equal, largest difference " + largest);
    assertThat(equal).isGreaterThanOrEqualTo(85);
    assertThat(largest).isLessThan(0.3f);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(Files::isRegularFile).map(folder::relativize).sorted().toList();
    }
  }
}
