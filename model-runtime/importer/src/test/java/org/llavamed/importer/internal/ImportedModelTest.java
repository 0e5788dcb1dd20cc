package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Json;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.Runtimes;

/** What the importer writes, run by the runtime, in every precision. */
final class ImportedModelTest {
  @TempDir Path scratch;

  private Path imported(Path checkpoint, String name, Precisions precisions) {
    Path out = scratch.resolve(name);
    ModelCard card =
        Imports.importer()
            .importCheckpoint(ImportRequest.of(checkpoint, out, precisions), Progress.NONE);
    try (VisionLanguageModel model = Runtimes.runtime("auto").open(out)) {
      assertThat(model.card()).isEqualTo(card);
    }
    return out;
  }

  private static Precisions int4(int block, boolean prefill) {
    return new Precisions(
        Precision.FP32,
        Precision.INT4,
        prefill ? Optional.of(Precision.INT8) : Optional.empty(),
        Precision.INT8,
        block);
  }

  @Test
  void everyPrecisionKeepsNearlyAllAnswersOfTheEmbeddedModelsCheckpoint() throws IOException {
    Cases cases = new Cases();
    assertThat(cases.size()).isEqualTo(91);
    Path whole = imported(Cases.checkpoint(), "fp32", Precisions.FP32);
    assertThat(cases.otherAnswers(whole, "fp32")).isEmpty();
    List<FloatBuffer> logits = cases.firstLogits(whole, "fp32");
    compare(cases, logits, "fp16", Precisions.of(Precision.FP16), 91, 0.05);
    compare(cases, logits, "int8", Precisions.of(Precision.INT8), 88, 0.5);
    Precisions tower =
        new Precisions(Precision.INT8, Precision.FP32, Optional.empty(), Precision.INT8, 32);
    compare(cases, logits, "vision int8, decoder fp32", tower, 89, 0.1);
    compare(cases, logits, "int8 and int4, block 32", int4(32, true), 85, 1);
    compare(cases, logits, "int8 and int4, block 128", int4(128, true), 85, 1);
    compare(cases, logits, "int4, block 32", int4(32, false), 83, 1);
    compare(cases, logits, "int4, block 64", int4(64, false), 83, 1);
    compare(cases, logits, "int4, block 128", int4(128, false), 82, 1.5);
  }

  private void compare(
      Cases cases,
      List<FloatBuffer> expected,
      String name,
      Precisions precisions,
      int least,
      double most) {
    Path folder = imported(Cases.checkpoint(), name, precisions);
    String decoder = precisions.decoder().name().toLowerCase(Locale.ROOT);
    String variant = precisions.prefill().isPresent() ? "int8+int4" : decoder;
    List<String> others = cases.otherAnswers(folder, variant);
    List<FloatBuffer> found = cases.firstLogits(folder, variant);
    double largest = 0;
    double sum = 0;
    int count = 0;
    for (int i = 0; i < expected.size(); i++) {
      for (int token = 0; token < expected.get(i).capacity(); token++) {
        double difference = Math.abs(expected.get(i).get(token) - found.get(i).get(token));
        largest = Math.max(largest, difference);
        sum += difference;
        count++;
      }
    }
    System.out.println(name + ": " + Json.object(folder.resolve("llavamed.json")).get("selfCheck"));
    System.out.printf(
        "%s: %d of %d answers equal; first logits differ by %.3f at most, %.4f on average; not %s%n",
        name, cases.size() - others.size(), cases.size(), largest, sum / count, others);
    assertThat(cases.size() - others.size()).as(name).isGreaterThanOrEqualTo(least);
    assertThat(largest).as(name).isPositive().isLessThan(most);
  }
}
