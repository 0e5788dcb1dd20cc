package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The embedded model against what transformers said to its checkpoint. */
final class GoldenTest {
  private static final Path EMBEDDED = Path.of("../../dist/models/tiny-vqa");
  private static final float TOLERANCE = 1e-4f;

  @ParameterizedTest
  @EnumSource
  void embeddedModelGivesLogitsAndTokensOfTransformers(OnnxModel.Cache cache)
      throws IOException, OrtException {
    Golden golden = new Golden();
    int compared = 0;
    try (OnnxModel model = new OnnxModel(EMBEDDED, "decoder_model_merged")) {
      for (String picture : golden.pictures()) {
        float[] features = model.look(golden.pixels(picture));
        for (Golden.Case expected : golden.cases(picture)) {
          compare(expected, model.answer(features, expected.prompt(), cache, 40));
          compared++;
        }
      }
    }
    assertThat(compared).isGreaterThanOrEqualTo(80);
  }

  private static void compare(Golden.Case expected, OnnxModel.Output found) {
    String name = expected.picture() + ": " + expected.question();
    assertThat(found.tokens()).as(name).isEqualTo(expected.tokens());
    expected
        .top()
        .forEach(
            (id, logit) ->
                assertThat(found.firstLogits().get(id))
                    .as(name)
                    .isCloseTo(logit, within(TOLERANCE)));
    for (int i = 0; i < expected.logits().size(); i++) {
      assertThat(found.firstLogits().get(i))
          .as(name)
          .isCloseTo(expected.logits().get(i), within(TOLERANCE));
    }
  }

  @Test
  void everyPictureIsTheOneThatTransformersSaw() throws IOException, NoSuchAlgorithmException {
    Golden golden = new Golden();
    for (String picture : golden.pictures()) {
      assertThat(golden.hash(picture))
          .as(picture + ": a changed picture needs dist/models/golden/make_golden.py")
          .isEqualTo(golden.expectedHash(picture));
    }
  }

  @Test
  void atLeastThreeSamplesAreAnsweredUnlikeAGreyPicture() throws IOException {
    Golden golden = new Golden();
    long unlike =
        golden.pictures().stream()
            .filter(picture -> picture.startsWith("brain") || picture.startsWith("mr-heart"))
            .filter(
                picture ->
                    golden.cases(picture).stream()
                        .anyMatch(
                            one ->
                                golden.cases("grey").stream()
                                    .anyMatch(
                                        grey ->
                                            grey.question().equals(one.question())
                                                && !grey.tokens().equals(one.tokens()))))
            .count();
    assertThat(unlike).isGreaterThanOrEqualTo(3);
  }
}
