package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.ChoiceProbability;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.Query;

/** The embedded model, through its whole runtime, against what transformers says. */
class GoldenTest {
  private static final Path FOLDER = Path.of("../../dist/models/golden");

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Golden(List<Shown> pictures, List<Case> cases) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Shown(String name, String file) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Case(
      String picture,
      String question,
      @JsonProperty("prompt_ids") List<Integer> promptIds,
      List<Integer> tokens,
      String text,
      List<List<Double>> top10,
      @Nullable List<Choice> choices) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Choice(String text, @JsonProperty("log_probabilities") List<Double> logProbabilities) {
    double log() {
      return logProbabilities.stream().mapToDouble(Double::doubleValue).sum();
    }
  }

  @Test
  void saysWhatTransformersSaysAboutTheSamples() throws IOException {
    Golden golden =
        new ObjectMapper().readValue(FOLDER.resolve("golden.json").toFile(), Golden.class);
    assertThat(golden.cases()).hasSizeGreaterThan(50);
    SoftAssertions softly = new SoftAssertions();
    int closed = 0;
    try (LlavaModel model = TinyVqa.open();
        FirstLogits first = new FirstLogits()) {
      for (Shown shown : golden.pictures()) {
        Picture read = TinyVqa.read(FOLDER.resolve(shown.file()));
        try (EncodedPicture picture = model.encode(read)) {
          for (Case expected : golden.cases()) {
            if (expected.picture().equals(shown.name())) {
              logits(first.of(read, expected.promptIds()), expected, softly);
              free(picture, expected, softly);
              closed += closed(picture, expected, softly);
            }
          }
        }
      }
    }
    softly.assertAll();
    assertThat(closed).as("closed questions").isPositive();
  }

  private static void logits(FloatBuffer logits, Case expected, SoftAssertions softly) {
    String what = expected.picture() + ": " + expected.question();
    for (List<Double> pair : expected.top10()) {
      softly
          .assertThat((double) logits.get(pair.get(0).intValue()))
          .as("%s, token %s", what, pair.get(0))
          .isCloseTo(pair.get(1), within(1e-3));
    }
  }

  private static void free(EncodedPicture picture, Case expected, SoftAssertions softly) {
    String what = expected.picture() + ": " + expected.question();
    Answer answer =
        picture.answer(
            Query.open(expected.question(), Generation.GREEDY.withMaxNewTokens(64)), text -> {});
    softly.assertThat(answer.tokens()).as(what).isEqualTo(expected.tokens());
    softly.assertThat(answer.text()).as(what).isEqualTo(expected.text());
    softly.assertThat(answer.promptTokens()).as(what).isEqualTo(expected.promptIds().size());
  }

  private static int closed(EncodedPicture picture, Case expected, SoftAssertions softly) {
    List<Choice> choices = expected.choices();
    if (choices == null) {
      return 0;
    }
    Query query = Query.choice(expected.question(), choices.stream().map(Choice::text).toList());
    double sum = choices.stream().mapToDouble(choice -> Math.exp(choice.log())).sum();
    List<ChoiceProbability> found = picture.answer(query, text -> {}).choices();
    for (int i = 0; i < choices.size(); i++) {
      softly
          .assertThat(found.get(i).probability())
          .as("%s: %s, %s", expected.picture(), expected.question(), choices.get(i).text())
          .isCloseTo(Math.exp(choices.get(i).log()) / sum, within(1e-3));
    }
    return 1;
  }
}
