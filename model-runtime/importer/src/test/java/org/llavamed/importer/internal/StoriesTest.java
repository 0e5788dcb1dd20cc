package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.inference.Answer;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.Precisions;
import org.llavamed.inference.Progress;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.Runtimes;
import org.llavamed.preprocess.Tokenizer;

/** A trained text model whose answer is published: stories260K of llama2.c. */
final class StoriesTest {
  private static final int STEPS = 200;
  private static final List<Integer> BEGIN = List.of(1);
  private static final String OPENING = "Once upon a time";

  @TempDir Path scratch;

  private Path imported() throws IOException {
    Path checkpoint = Stories.write(scratch.resolve("stories260K"));
    Path out = scratch.resolve("model");
    Imports.importer()
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
    assertThat(likeliest(folder, tokens)).as("by the runtime").isEqualTo(tokens);
  }

  @Test
  void askedWithItsFirstWordsTheRuntimeTellsTheRest() throws IOException {
    String expected = Stories.expected();
    Path folder = imported();
    try (Tokenizer tokenizer = Tokenizer.open(folder.resolve("tokenizer.json"));
        VisionLanguageModel model = Runtimes.runtime("auto").open(folder);
        EncodedPicture none = model.withoutPicture()) {
      int rest = STEPS - tokenizer.encode(OPENING).size();
      Query query = Query.open(OPENING, Generation.GREEDY.withMaxNewTokens(rest));
      StringBuilder streamed = new StringBuilder();
      Answer answer = none.answer(query, streamed::append);
      assertThat(answer.tokens()).hasSize(rest);
      assertThat(OPENING + answer.text() + "\n").isEqualTo(expected);
      assertThat(streamed).hasToString(answer.text());
    }
  }

  /** Returns what the runtime finds likeliest after the start token and after each but the last. */
  private static List<Integer> likeliest(Path folder, List<Integer> tokens) {
    List<Integer> read = Stream.concat(BEGIN.stream(), tokens.stream()).limit(STEPS).toList();
    try (ModelInspection model = Runtimes.runtime("auto").inspect(folder)) {
      return model.logits(read, Optional.empty(), BEGIN.size()).stream()
          .map(StoriesTest::largest)
          .toList();
    }
  }

  private static int largest(FloatBuffer logits) {
    int best = 0;
    for (int i = 1; i < logits.remaining(); i++) {
      best = logits.get(i) > logits.get(best) ? i : best;
    }
    return best;
  }
}
