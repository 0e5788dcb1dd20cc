package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelInspection;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;

/** The numbers of the embedded model's graphs against those of transformers. */
class InspectionTest {
  private static final Path GOLDEN = Path.of("../../dist/models/golden");

  private ModelInspection inspection;

  @BeforeEach
  void open() {
    inspection = new OnnxModelRuntime(TinyVqa.SETTINGS).inspect(TinyVqa.FOLDER);
  }

  @AfterEach
  void close() {
    inspection.close();
  }

  @Test
  void prefillAndStepsGiveTheLogitsOfTransformers() throws IOException {
    JsonNode golden = new ObjectMapper().readTree(GOLDEN.resolve("golden.json").toFile());
    PicturePreparation preparation =
        PicturePreparation.read(
            TinyVqa.FOLDER.resolve("preprocessor_config.json"), PictureMode.named("pad"));
    JsonNode shown = golden.path("pictures").get(0);
    FloatBuffer pixels =
        preparation.prepare(TinyVqa.read(GOLDEN.resolve(shown.path("file").asText()))).values();
    FloatBuffer features = inspection.imageFeatures(pixels);
    assertThat(features.remaining()).isEqualTo(49 * 192);
    int compared = 0;
    for (JsonNode one : golden.path("cases")) {
      if (one.path("picture").equals(shown.path("name"))) {
        List<Integer> prompt = ints(one.path("prompt_ids"));
        List<Integer> all = new ArrayList<>(prompt);
        all.addAll(ints(one.path("tokens")));
        List<FloatBuffer> logits =
            inspection.logits(all, Optional.of(features.duplicate()), prompt.size());
        assertThat(logits).hasSize(all.size() - prompt.size() + 1);
        for (JsonNode pair : one.path("top10")) {
          assertThat((double) logits.get(0).get(pair.get(0).asInt()))
              .isCloseTo(pair.get(1).asDouble(), within(1e-3));
        }
        for (int i = 0; i + 1 < logits.size(); i++) {
          assertThat(argmax(logits.get(i))).isEqualTo(all.get(prompt.size() + i));
        }
        compared++;
      }
    }
    assertThat(compared).isPositive();
  }

  @Test
  void readingAllByPrefillGivesWhatStepsGive() {
    List<Integer> tokens = List.of(1, 20, 30, 40, 50, 60);
    List<FloatBuffer> steps = inspection.logits(tokens, Optional.empty(), 2);
    for (int prompt = 2; prompt <= tokens.size(); prompt++) {
      FloatBuffer whole =
          inspection.logits(tokens.subList(0, prompt), Optional.empty(), prompt).get(0);
      for (int token = 0; token < whole.remaining(); token++) {
        assertThat(whole.get(token)).isCloseTo(steps.get(prompt - 2).get(token), within(1e-3f));
      }
    }
  }

  @Test
  void namesWhatDoesNotFit() {
    Optional<FloatBuffer> none = Optional.empty();
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inspection.imageFeatures(FloatBuffer.allocate(3)))
        .withMessage("pixels holds 3, expected 150528 numbers");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inspection.logits(List.of(1, 1472), none, 1))
        .withMessage("a token is 1472, expected 0 to 1471");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> inspection.logits(List.of(1, 2), none, 3))
        .withMessage("prompt is 3, expected 1 to 2");
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> inspection.logits(List.of(1, 3), Optional.of(FloatBuffer.allocate(191)), 2))
        .withMessage("imageFeatures holds 191, expected 192 numbers for 1 picture tokens");
    assertThatThrownBy(() -> inspection.logits(Collections.nCopies(1025, 5), none, 1))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("need 1025 positions, the model's context has 1024");
    inspection.close();
    assertThatThrownBy(() -> inspection.logits(List.of(1), none, 1))
        .isInstanceOf(ModelException.class)
        .hasMessage(TinyVqa.FOLDER + ": the model is closed. Open it again.");
  }

  private static List<Integer> ints(JsonNode array) {
    List<Integer> numbers = new ArrayList<>();
    array.forEach(number -> numbers.add(number.asInt()));
    return numbers;
  }

  private static int argmax(FloatBuffer values) {
    int best = 0;
    for (int i = 1; i < values.remaining(); i++) {
      best = values.get(i) > values.get(best) ? i : best;
    }
    return best;
  }
}
