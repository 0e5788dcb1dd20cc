package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.preprocess.Tokenizer;

/** A trained text model whose answer is published: stories260K of llama2.c. */
final class StoriesTest {
  private static final int STEPS = 200;
  private static final List<Integer> BEGIN = List.of(1);

  @TempDir Path scratch;

  private Path imported() throws IOException {
    Path checkpoint = Stories.write(scratch.resolve("stories260K"));
    Path out = scratch.resolve("model");
    new HuggingFaceImporter()
        .importCheckpoint(ImportRequest.of(checkpoint, out, Precisions.FP32), Progress.NONE);
    return out;
  }

  @ParameterizedTest
  @EnumSource
  void twoHundredGreedyTokensAreThoseOfLlama2c(OnnxModel.Cache cache)
      throws IOException, OrtException {
    String expected = Stories.expected();
    Path folder = imported();
    List<Integer> tokens;
    try (OnnxModel model = new OnnxModel(folder, "decoder_model_merged")) {
      tokens = model.answer(new float[0], BEGIN, cache, STEPS).tokens();
    }
    assertThat(tokens).hasSize(STEPS);
    try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"))) {
      assertThat(tokenizer.decode(tokens) + "\n").isEqualTo(expected);
    }
  }
}
