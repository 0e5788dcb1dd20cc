package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.preprocess.Tokenizer;

/** Graphs of checkpoints in every layout against what transformers says to them. */
final class VariantTest {
  private static final float TOLERANCE = 1e-4f;
  private static final Offset<Float> CLOSE = within(TOLERANCE);

  @TempDir Path scratch;

  private OnnxModel imported(Layout layout, Precision precision) throws IOException, OrtException {
    Path out = scratch.resolve(precision.name());
    Imports.importer()
        .importCheckpoint(layout.request(out, Precisions.of(precision)), Progress.NONE);
    return new OnnxModel(out, "decoder_model_merged" + Suffix.of(precision));
  }

  static Stream<Layout> layouts() throws IOException {
    return Layout.all().stream();
  }

  static Stream<Arguments> layoutsAndCaches() throws IOException {
    return layouts()
        .flatMap(
            layout -> Stream.of(OnnxModel.Cache.values()).map(cache -> arguments(layout, cache)));
  }

  @ParameterizedTest
  @MethodSource("layoutsAndCaches")
  void float32GivesLogitsAndTokensOfTransformers(Layout layout, OnnxModel.Cache cache)
      throws IOException, OrtException {
    try (OnnxModel model = imported(layout, Precision.FP32)) {
      float[] features = features(model, layout);
      List<Integer> prompt = layout.prompt(model.imageToken());
      OnnxModel.Output found = model.answer(features, prompt, cache, layout.tokens().size());
      float[] expected = layout.sees() ? layout.features() : new float[0];
      System.out.printf(
          "%s, %s cache: largest difference of features %.1e, of logits %.1e%n",
          layout, cache, difference(features, expected), difference(found, layout.logits()));
      assertThat(found.tokens()).isEqualTo(layout.tokens());
      assertThat(difference(features, expected)).isLessThan(TOLERANCE);
      assertThat(difference(found, layout.logits())).isLessThan(TOLERANCE);
    }
  }

  static Stream<Layout> layoutsWithPieces() throws IOException {
    return layouts().filter(Layout::hasPieces);
  }

  @ParameterizedTest
  @MethodSource("layoutsWithPieces")
  void thePromptBecomesTheTokensOfTheOriginalCode(Layout layout) throws IOException, OrtException {
    int imageToken;
    try (OnnxModel model = imported(layout, Precision.FP32)) {
      imageToken = model.imageToken();
    }
    Path tokenizerJson = scratch.resolve(Precision.FP32.name()).resolve("tokenizer.json");
    try (Tokenizer tokenizer = Tokenizer.open(tokenizerJson)) {
      List<Integer> expected = layout.prompt(imageToken);
      assertThat(expected.get(0)).as("the start token, which no text becomes").isEqualTo(1);
      assertThat(tokenizer.encode(layout.text())).isEqualTo(expected.subList(1, expected.size()));
    }
  }

  @Test
  void aDeltaOnItsBaseGivesTheGraphsOfTheWholeCheckpoint() throws IOException {
    for (String name : List.of("med10", "med10-delta")) {
      Imports.importer()
          .importCheckpoint(
              new Layout(name).request(scratch.resolve(name), Precisions.FP32), Progress.NONE);
    }
    try (Stream<Path> graphs = Files.list(scratch.resolve("med10/onnx"))) {
      assertThat(graphs.toList())
          .hasSize(6)
          .allSatisfy(
              file ->
                  assertThat(scratch.resolve("med10-delta/onnx").resolve(file.getFileName()))
                      .hasSameBinaryContentAs(file));
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void otherPrecisionsStayNearFloat32(Layout layout) throws IOException, OrtException {
    staysNear(layout, Precision.FP16, 0.005);
    staysNear(layout, Precision.INT8, 0.1);
    staysNear(layout, Precision.INT4, 0.65);
  }

  /**
   * Compares the logits after the prompt.
   *
   * @param bound of the differences' root mean square, as a share of that of the logits
   */
  private void staysNear(Layout layout, Precision precision, double bound)
      throws IOException, OrtException {
    try (OnnxModel model = imported(layout, precision)) {
      List<Integer> prompt = layout.prompt(model.imageToken());
      for (OnnxModel.Cache cache : OnnxModel.Cache.values()) {
        OnnxModel.Output found = model.answer(features(model, layout), prompt, cache, 0);
        double share = share(found.logits().get(0), layout.logits().get(0));
        System.out.printf("%s, %s: logits differ by %.4f%n", layout, precision, share);
        assertThat(share).isPositive().isLessThan(bound);
      }
    }
  }

  private static double share(List<Float> found, float[] expected) {
    double differences = 0;
    double logits = 0;
    for (int i = 0; i < expected.length; i++) {
      differences += Math.pow(found.get(i) - expected[i], 2);
      logits += Math.pow(expected[i], 2);
    }
    return Math.sqrt(differences / logits);
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void aPromptInTwoPiecesGivesTheLogitsOfOnePiece(Layout layout) throws IOException, OrtException {
    try (OnnxModel model = imported(layout, Precision.FP32)) {
      List<Integer> prompt = layout.prompt(model.imageToken());
      float[] rows = model.spliced(prompt, features(model, layout));
      int length = prompt.size();
      int hidden = rows.length / length;
      int cut = 7;
      OnnxModel.Run first = model.run(Arrays.copyOf(rows, cut * hidden), masks(cut, cut), null);
      OnnxModel.Run second =
          model.run(
              Arrays.copyOfRange(rows, cut * hidden, rows.length),
              masks(length, length),
              first.present());
      assertRow(row(second.logits(), 0, 1), layout.logits().get(0), CLOSE);
    }
  }

  @ParameterizedTest
  @MethodSource("layouts")
  void eachRowOfABatchGivesTheLogitsOfItsLastFilledPosition(Layout layout)
      throws IOException, OrtException {
    try (OnnxModel model = imported(layout, Precision.FP32)) {
      List<Integer> prompt = layout.prompt(model.imageToken());
      float[] rows = model.spliced(prompt, features(model, layout));
      int length = prompt.size();
      int hidden = rows.length / length;
      int shorter = length - 3;
      OnnxModel.Run alone =
          model.run(Arrays.copyOf(rows, shorter * hidden), masks(shorter, shorter), null);
      float[] both = Arrays.copyOf(rows, 2 * rows.length);
      System.arraycopy(rows, 0, both, rows.length, shorter * hidden);
      long[][] mask = {masks(length, length)[0], masks(shorter, length)[0]};
      OnnxModel.Run batch = model.run(both, mask, null);
      assertRow(row(batch.logits(), 0, 2), layout.logits().get(0), CLOSE);
      List<Float> lone = row(alone.logits(), 0, 1);
      List<Float> second = row(batch.logits(), 1, 2);
      for (int i = 0; i < lone.size(); i++) {
        assertThat(second.get(i)).isCloseTo(lone.get(i), CLOSE);
      }
    }
  }

  private static float[] features(OnnxModel model, Layout layout) throws OrtException {
    return layout.sees() ? model.look(layout.pixels()) : new float[0];
  }

  private static long[][] masks(int filled, int total) {
    long[] mask = new long[total];
    Arrays.fill(mask, 0, filled, 1);
    return new long[][] {mask};
  }

  private static List<Float> row(FloatBuffer logits, int row, int rows) {
    int width = logits.capacity() / rows;
    return IntStream.range(row * width, (row + 1) * width).mapToObj(logits::get).toList();
  }

  /** The model may have further tokens behind those of the checkpoint. */
  private static void assertRow(List<Float> found, float[] expected, Offset<Float> close) {
    for (int i = 0; i < expected.length; i++) {
      assertThat(found.get(i)).isCloseTo(expected[i], close);
    }
  }

  private static float difference(OnnxModel.Output found, List<float[]> expected) {
    assertThat(found.logits()).hasSameSizeAs(expected);
    float largest = 0;
    for (int step = 0; step < expected.size(); step++) {
      for (int i = 0; i < expected.get(step).length; i++) {
        float difference = found.logits().get(step).get(i) - expected.get(step)[i];
        largest = Math.max(largest, Math.abs(difference));
      }
    }
    return largest;
  }

  private static float difference(float[] found, float[] expected) {
    assertThat(found).hasSameSizeAs(expected);
    float largest = 0;
    for (int i = 0; i < found.length; i++) {
      largest = Math.max(largest, Math.abs(found[i] - expected[i]));
    }
    return largest;
  }
}
