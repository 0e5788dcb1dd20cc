package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.Safetensors;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.inference.Diagnosis;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.Runtimes;

/** The comparison of an imported model with its checkpoint. */
final class SelfCheckTest {
  @TempDir Path scratch;

  /**
   * Runs models as the real one does, but for one decoder.
   *
   * @param decoder of which all logits are multiplied by {@code factor}
   * @param refusal where one is there, what the decoder is refused with
   */
  private record Broken(
      ModelRuntime real, Precision decoder, float factor, Optional<Refusal> refusal)
      implements ModelRuntime {
    @Override
    public Path defaultFolder() {
      return real.defaultFolder();
    }

    @Override
    public VisionLanguageModel open(Path folder) {
      throw new AssertionError("the check opens no whole model");
    }

    @Override
    public Diagnosis diagnose(Path folder) {
      return real.diagnose(folder);
    }

    @Override
    public ModelInspection inspect(Path folder) {
      throw new AssertionError("the check opens no whole model");
    }

    @Override
    public ModelInspection inspect(Path folder, Precision asked) {
      if (asked != decoder) {
        return real.inspect(folder, asked);
      }
      if (refusal.isPresent()) {
        throw refusal.get().of(folder);
      }
      return new Changed(real.inspect(folder, asked), factor);
    }
  }

  /** Makes the error that a folder is refused with. */
  @FunctionalInterface
  private interface Refusal {
    ModelException of(Path folder);
  }

  private record Changed(ModelInspection model, float factor) implements ModelInspection {
    @Override
    public FloatBuffer imageFeatures(FloatBuffer pixels) {
      return model.imageFeatures(pixels);
    }

    @Override
    public List<FloatBuffer> logits(
        List<Integer> tokens, Optional<FloatBuffer> imageFeatures, int prompt) {
      return model.logits(tokens, imageFeatures, prompt).stream().map(this::changed).toList();
    }

    private FloatBuffer changed(FloatBuffer logits) {
      float[] changed = new float[logits.remaining()];
      logits.get(changed);
      for (int i = 0; i < changed.length; i++) {
        changed[i] *= factor;
      }
      return FloatBuffer.wrap(changed);
    }

    @Override
    public void close() {
      model.close();
    }
  }

  private ImportRequest request(boolean anyQuality) {
    return request(Precision.FP32, anyQuality);
  }

  private ImportRequest request(Precision precision, boolean anyQuality) {
    ImportRequest any =
        new Layout("llava-new-mistral").request(scratch.resolve("model"), Precisions.of(precision));
    return new ImportRequest(
        any.checkpoint(),
        any.base(),
        any.visionTower(),
        any.out(),
        any.template(),
        any.precisions(),
        anyQuality);
  }

  private static HuggingFaceImporter broken(float factor) {
    return broken(Precision.FP32, factor, Optional.empty());
  }

  private static HuggingFaceImporter broken(
      Precision decoder, float factor, Optional<Refusal> refusal) {
    return new HuggingFaceImporter(new Broken(Runtimes.runtime("auto"), decoder, factor, refusal));
  }

  private static JsonNode found(ImportRequest request) {
    return Json.object(request.out().resolve("llavamed.json")).path("selfCheck");
  }

  @Test
  void aModelThatNamesOtherTokensIsRefusedAndNothingIsKept() throws IOException {
    ImportRequest request = request(false);
    assertThatThrownBy(() -> broken(-1).importCheckpoint(request, Progress.NONE))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(request.checkpoint().toString())
        .hasMessageContaining("the fp32 decoder names the checkpoint's next token at ")
        .hasMessageContaining(" of 40 positions, expected a share of 0.75 or more, and finite")
        .hasMessageContaining("Import in a finer precision, or keep the model with --any-quality.");
    assertThat(request.out()).doesNotExist();
  }

  @Test
  void logitsThatAreNoNumbersAreRefused() throws IOException {
    ImportRequest request = request(false);
    assertThatThrownBy(() -> broken(Float.NaN).importCheckpoint(request, Progress.NONE))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("finite logits");
  }

  @Test
  void anyQualityKeepsTheModelWithWhatWasFound() throws IOException {
    ImportRequest request = request(true);
    broken(-1).importCheckpoint(request, Progress.NONE);
    JsonNode found = found(request);
    assertThat(found.path("positions").asInt()).isEqualTo(40);
    assertThat(found.path("equalNextTokens").asDouble()).isLessThan(0.1);
    assertThat(found.path("largestLogitDifference").asDouble()).isGreaterThan(1);
  }

  @Test
  void float32ChecksOutToRoundingErrors() throws IOException {
    ImportRequest request = request(false);
    Imports.importer().importCheckpoint(request, Progress.NONE);
    JsonNode found = found(request);
    System.out.println(found);
    assertThat(found.path("equalNextTokens").asDouble()).isEqualTo(1);
    assertThat(found.path("bound").asDouble()).isEqualTo(0.75);
    assertThat(found.path("largestLogitDifference").asDouble()).isBetween(1e-9, 1e-4);
    assertThat(found.path("meanLogitDifference").asDouble()).isBetween(1e-9, 1e-4);
    assertThat(Files.exists(request.out().resolve("onnx"))).isTrue();
  }

  @Test
  void oneBrokenDecoderOfTwoIsRefusedAndNamed() {
    for (Precision decoder : List.of(Precision.INT8, Precision.INT4)) {
      String name = Description.name(decoder);
      String other = decoder == Precision.INT8 ? "int4" : "int8";
      assertThatThrownBy(
              () ->
                  broken(decoder, -1, Optional.empty())
                      .importCheckpoint(request(Precision.INT4, false), Progress.NONE))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("the " + name + " decoder names the checkpoint's next token")
          .hasMessageNotContaining("the " + other + " decoder");
      assertThat(scratch).isEmptyDirectory();
    }
  }

  @Test
  void theWorstFiguresStandAboveThoseOfEachDecoder() {
    ImportRequest request = request(Precision.INT4, true);
    broken(Precision.INT4, -1, Optional.empty()).importCheckpoint(request, Progress.NONE);
    JsonNode found = found(request);
    JsonNode int8 = found.path("decoders").path("int8");
    JsonNode int4 = found.path("decoders").path("int4");
    assertThat(int8.path("equalNextTokens").asDouble()).isGreaterThan(0.75);
    assertThat(int4.path("equalNextTokens").asDouble()).isLessThan(0.2);
    for (String name : List.of("positions", "equalNextTokens", "largestLogitDifference")) {
      assertThat(found.path(name)).isEqualTo(int4.path(name));
    }
  }

  @Test
  void aDecoderThatDoesNotFitTheMemoryIsKeptAndSaysSo() {
    ImportRequest request = request(Precision.INT4, false);
    Refusal large =
        folder -> ModelException.outOfMemory(folder, "needs about 15 GB", "End other programs");
    broken(Precision.INT8, 1, Optional.of(large)).importCheckpoint(request, Progress.NONE);
    JsonNode found = found(request);
    assertThat(found.path("notRun").asText())
        .isEqualTo("int8 needs about 15 GB. End other programs.");
    assertThat(found.path("decoders").path("int8").path("notRun").asText())
        .startsWith("needs about 15 GB");
    assertThat(found.path("decoders").path("int4").path("positions").asInt()).isEqualTo(40);
    assertThat(found.path("positions").asInt()).isEqualTo(40);
  }

  @Test
  void aDecoderThatCannotBeRunIsRefusedWithoutThePathOfTheDraft() {
    ImportRequest request = request(Precision.INT4, false);
    Refusal bad =
        folder -> ModelException.invalid(folder.resolve("onnx/a.onnx"), "no graph", "Import it");
    assertThatThrownBy(
            () ->
                broken(Precision.INT8, 1, Optional.of(bad))
                    .importCheckpoint(request, Progress.NONE))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            request.checkpoint()
                + ": the imported int8 decoder cannot be run (onnx/a.onnx: no graph. Import it.)."
                + " Update llavamed, or keep the model with --any-quality.");
    assertThat(scratch).isEmptyDirectory();
  }

  @Test
  void weightsThatAreNoNumbersAreTheCheckpointsFault() throws IOException {
    Path checkpoint = Variant.copyInto(scratch.resolve("checkpoint"));
    Path shard = checkpoint.resolve("model-00001-of-00002.safetensors");
    StoredTensor norm =
        Safetensors.read(shard).values().stream()
            .filter(tensor -> tensor.name().endsWith("input_layernorm.weight"))
            .findFirst()
            .orElseThrow();
    try (FileChannel channel = FileChannel.open(shard, StandardOpenOption.WRITE)) {
      byte[] ones = new byte[(int) norm.length()];
      Arrays.fill(ones, (byte) -1); // all bits set: no number in any of the types
      channel.write(ByteBuffer.wrap(ones), norm.offset());
    }
    ImportRequest request = ImportRequest.of(checkpoint, scratch.resolve("model"), Precisions.FP32);
    assertThatThrownBy(() -> Imports.importer().importCheckpoint(request, Progress.NONE))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("its own weights, computed in float32, give logits that are no")
        .hasMessageNotContaining("finer precision");
  }

  @Test
  void whatTheCheckFindsDoesNotChangeTheIdentity() throws IOException {
    String checked = identity("checked", Imports.importer());
    Refusal large = folder -> ModelException.outOfMemory(folder, "needs 15 GB", "Buy some");
    assertThat(identity("unchecked", broken(Precision.FP32, 1, Optional.of(large))))
        .isEqualTo(checked);
  }

  private String identity(String name, HuggingFaceImporter importer) throws IOException {
    Path out = scratch.resolve(name);
    ModelCard card =
        importer.importCheckpoint(
            new Layout("llava-new-mistral").request(out, Precisions.FP32), Progress.NONE);
    try (VisionLanguageModel model = Runtimes.runtime("auto").open(out)) {
      assertThat(model.card()).isEqualTo(card);
    }
    return card.identity();
  }
}
