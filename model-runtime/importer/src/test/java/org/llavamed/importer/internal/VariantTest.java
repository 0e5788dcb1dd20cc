package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;

/** Graphs of a checkpoint that differs from tiny-llava in all that config.json lets differ. */
final class VariantTest {
  private static final Offset<Float> CLOSE = within(1e-3f);
  private static final int VOCABULARY = 64;

  @TempDir Path scratch;
  private Path checkpoint = Path.of("");

  @BeforeEach
  void copy() throws IOException {
    checkpoint = Variant.copyInto(scratch.resolve("variant"));
  }

  private OnnxModel imported(Precision precision) throws OrtException {
    Path out = scratch.resolve("model");
    new HuggingFaceImporter()
        .importCheckpoint(
            ImportRequest.of(checkpoint, out, Precisions.of(precision)), Progress.NONE);
    String suffix = precision == Precision.INT8 ? "_int8" : "";
    return new OnnxModel(out, "decoder_model_merged" + suffix);
  }

  @ParameterizedTest
  @EnumSource
  void float32GivesLogitsAndTokensOfTransformers(OnnxModel.Cache cache)
      throws IOException, OrtException {
    try (OnnxModel model = imported(Precision.FP32)) {
      float[] features = model.look(Variant.pixels());
      OnnxModel.Output found = model.answer(features, Variant.prompt(), cache, 8);
      assertThat(found.tokens()).isEqualTo(Variant.tokens());
      for (int i = 0; i < VOCABULARY; i++) {
        assertThat(found.firstLogits().get(i)).isCloseTo(Variant.firstLogits().get(i), CLOSE);
      }
    }
  }

  @Test
  void int8StaysNearFloat32() throws IOException, OrtException {
    try (OnnxModel model = imported(Precision.INT8)) {
      float[] features = model.look(Variant.pixels());
      OnnxModel.Output found = model.answer(features, Variant.prompt(), OnnxModel.Cache.SHARED, 8);
      assertThat(found.tokens().get(0)).isEqualTo(Variant.tokens().get(0));
      for (int i = 0; i < VOCABULARY; i++) {
        assertThat(found.firstLogits().get(i))
            .isCloseTo(Variant.firstLogits().get(i), within(0.5f));
      }
    }
  }

  @Test
  void aPromptInTwoPiecesGivesTheLogitsOfOnePiece() throws IOException, OrtException {
    try (OnnxModel model = imported(Precision.FP32)) {
      float[] rows = model.spliced(Variant.prompt(), model.look(Variant.pixels()));
      int length = Variant.prompt().size();
      int hidden = rows.length / length;
      int cut = 7;
      OnnxModel.Run first = model.run(Arrays.copyOf(rows, cut * hidden), masks(cut, cut), null);
      OnnxModel.Run second =
          model.run(
              Arrays.copyOfRange(rows, cut * hidden, rows.length),
              masks(length, length),
              first.present());
      assertRow(second.logits(), 0, Variant.firstLogits());
    }
  }

  @Test
  void eachRowOfABatchGivesTheLogitsOfItsLastFilledPosition() throws IOException, OrtException {
    try (OnnxModel model = imported(Precision.FP32)) {
      float[] rows = model.spliced(Variant.prompt(), model.look(Variant.pixels()));
      int length = Variant.prompt().size();
      int hidden = rows.length / length;
      int shorter = length - 3;
      OnnxModel.Run alone =
          model.run(Arrays.copyOf(rows, shorter * hidden), masks(shorter, shorter), null);
      float[] both = Arrays.copyOf(rows, 2 * rows.length);
      System.arraycopy(rows, 0, both, rows.length, shorter * hidden);
      long[][] mask = {masks(length, length)[0], masks(shorter, length)[0]};
      OnnxModel.Run batch = model.run(both, mask, null);
      assertRow(batch.logits(), 0, Variant.firstLogits());
      for (int i = 0; i < VOCABULARY; i++) {
        assertThat(batch.logits().get(VOCABULARY + i)).isCloseTo(alone.logits().get(i), CLOSE);
      }
    }
  }

  private static long[][] masks(int filled, int total) {
    long[] mask = new long[total];
    Arrays.fill(mask, 0, filled, 1);
    return new long[][] {mask};
  }

  private static void assertRow(FloatBuffer logits, int row, List<Float> expected) {
    for (int i = 0; i < expected.size(); i++) {
      assertThat(logits.get(row * expected.size() + i)).isCloseTo(expected.get(i), CLOSE);
    }
  }
}
