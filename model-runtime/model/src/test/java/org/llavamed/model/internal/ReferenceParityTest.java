package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.Answer;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.Query;

/** The embedded model against the reference answers of the checkpoint it was imported from. */
class ReferenceParityTest {
  private static final Path DATA = Path.of(System.getProperty("shared.data", "absent"));

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Expected(List<Case> cases) {}

  @JsonIgnoreProperties(ignoreUnknown = true)
  record Case(
      int qid,
      String image,
      String question,
      @JsonProperty("prompt_ids") List<Integer> promptIds,
      @JsonProperty("answer_ids") List<Integer> answerIds,
      String answer,
      @JsonProperty("first_step_top5") List<List<Double>> firstStep) {}

  @Test
  void givesTheTokensTextsAndFirstLogitsOfTheCheckpoint() throws IOException {
    Path file = DATA.resolve("tiny-llava/expected.json");
    Path images = DATA.resolve("vqa-rad/images");
    if (!Files.exists(file) || !Files.isDirectory(images)) {
      System.out.println(
          "SKIPPED " + getClass().getSimpleName() + ": no reference data in " + DATA);
    }
    assumeTrue(Files.exists(file) && Files.isDirectory(images), "no reference data in " + DATA);
    List<Case> cases = new ObjectMapper().readValue(file.toFile(), Expected.class).cases();
    assertThat(cases).hasSize(91);
    SoftAssertions softly = new SoftAssertions();
    double worst = 0;
    try (LlavaModel model = TinyVqa.open();
        FirstLogits first = new FirstLogits()) {
      for (Case expected : cases) {
        Picture picture = TinyVqa.read(images.resolve(expected.image()));
        FloatBuffer logits = first.of(picture, expected.promptIds());
        worst = Math.max(worst, compare(logits, expected, softly));
        compare(model, picture, expected, softly);
      }
    }
    System.out.println("largest difference of a first-step logit: " + worst);
    softly.assertAll();
  }

  private static double compare(FloatBuffer logits, Case expected, SoftAssertions softly) {
    double worst = 0;
    for (List<Double> pair : expected.firstStep()) {
      double found = logits.get(pair.get(0).intValue());
      worst = Math.max(worst, Math.abs(found - pair.get(1)));
      softly
          .assertThat(found)
          .as("logit of token %s of question %d", pair.get(0), expected.qid())
          .isCloseTo(pair.get(1), within(1e-3));
    }
    return worst;
  }

  private static void compare(
      LlavaModel model, Picture shown, Case expected, SoftAssertions softly) {
    try (EncodedPicture picture = model.encode(shown)) {
      StringBuilder streamed = new StringBuilder();
      Answer answer =
          picture.answer(
              Query.open(expected.question(), Generation.GREEDY.withMaxNewTokens(64)),
              streamed::append);
      softly.assertThat(answer.tokens()).as("%s", expected).isEqualTo(expected.answerIds());
      softly.assertThat(answer.text()).as("%s", expected).isEqualTo(expected.answer().strip());
      softly.assertThat(streamed).as("%s", expected).hasToString(answer.text());
      softly
          .assertThat(answer.promptTokens())
          .as("%s", expected)
          .isEqualTo(expected.promptIds().size());
    }
  }
}
