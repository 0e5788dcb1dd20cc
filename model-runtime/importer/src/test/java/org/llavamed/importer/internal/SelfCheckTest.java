package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.inference.Diagnosis;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.Runtimes;

/** The comparison of an imported model with its checkpoint. */
final class SelfCheckTest {
  @TempDir Path scratch;

  /** Runs models as the real one does, and then turns all logits round. */
  private record Broken(ModelRuntime real, float factor) implements ModelRuntime {
    @Override
    public Path defaultFolder() {
      return real.defaultFolder();
    }

    @Override
    public VisionLanguageModel open(Path folder) {
      return real.open(folder);
    }

    @Override
    public Diagnosis diagnose(Path folder) {
      return real.diagnose(folder);
    }

    @Override
    public ModelInspection inspect(Path folder) {
      ModelInspection model = real.inspect(folder);
      return new ModelInspection() {
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
      };
    }
  }

  private ImportRequest request(boolean anyQuality) throws IOException {
    ImportRequest any =
        new Layout("llava-new-mistral").request(scratch.resolve("model"), Precisions.FP32);
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
    return new HuggingFaceImporter(new Broken(Runtimes.runtime("auto"), factor));
  }

  @Test
  void aModelThatNamesOtherTokensIsRefusedAndNothingIsKept() throws IOException {
    ImportRequest request = request(false);
    assertThatThrownBy(() -> broken(-1).importCheckpoint(request, Progress.NONE))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining(request.checkpoint().toString())
        .hasMessageContaining("the imported weights name the checkpoint's next token at ")
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
    JsonNode found = Json.object(request.out().resolve("llavamed.json")).path("selfCheck");
    assertThat(found.path("positions").asInt()).isEqualTo(40);
    assertThat(found.path("equalNextTokens").asDouble()).isLessThan(0.1);
    assertThat(found.path("largestLogitDifference").asDouble()).isGreaterThan(1);
  }

  @Test
  void float32ChecksOutToRoundingErrors() throws IOException {
    ImportRequest request = request(false);
    Imports.importer().importCheckpoint(request, Progress.NONE);
    JsonNode found = Json.object(request.out().resolve("llavamed.json")).path("selfCheck");
    System.out.println(found);
    assertThat(found.path("equalNextTokens").asDouble()).isEqualTo(1);
    assertThat(found.path("bound").asDouble()).isEqualTo(0.75);
    assertThat(found.path("largestLogitDifference").asDouble()).isBetween(1e-9, 1e-4);
    assertThat(found.path("meanLogitDifference").asDouble()).isBetween(1e-9, 1e-4);
    assertThat(Files.exists(request.out().resolve("onnx"))).isTrue();
  }
}
