package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.distribution.Product.Outcome;

final class AskIT {
  private static final String QUESTION = "What plane is this image in?";

  @TempDir Path folder;

  static Stream<String> formats() {
    return Stream.of("png", "jpg", "bmp");
  }

  @Test
  void theAnswerAboutADicomFileIsTheFirstLine() {
    Outcome outcome = Product.run(folder, "ask", Samples.brain().toString(), QUESTION);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.lines()).hasSize(2);
    assertThat(outcome.lines().get(0)).isNotBlank();
    assertThat(outcome.lines().get(1)).startsWith("RESEARCH USE ONLY");
  }

  @ParameterizedTest
  @MethodSource("formats")
  void picturesThatAreNotDicomAreAnswered(String format) throws IOException {
    Path file = folder.resolve("picture-without-extension");
    assertThat(ImageIO.write(gradient(), format, file.toFile())).isTrue();
    Outcome outcome = Product.run(folder, "ask", file.toString(), QUESTION);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.lines().get(0)).isNotBlank();
  }

  @Test
  void jsonForProgramsNamesTheModelAndTheNotice() throws IOException {
    Outcome outcome = Product.run(folder, "ask", Samples.brain().toString(), QUESTION, "--json");
    assertThat(outcome.code()).isZero();
    JsonNode json = new ObjectMapper().readTree(outcome.out());
    assertThat(json.path("answer").asText()).isNotBlank();
    assertThat(json.path("probability").asDouble()).isBetween(0.0, 1.0);
    assertThat(json.path("model").path("identity").asText()).matches("[0-9a-f]{64}");
    assertThat(json.path("notice").asText()).contains("RESEARCH USE ONLY");
  }

  @Test
  void aDrawnAnswerObeysTheSchemaAndIsTheSameWithTheSameSeed() throws IOException {
    Path schema =
        Files.writeString(
            folder.resolve("schema.json"),
            """
            {"type":"object","properties":{"plane":{"enum":["axial","coronal","sagittal"]},
              "sure":{"type":"boolean"},"note":{"type":"string","maxLength":30}},
              "required":["plane","sure"]}
            """);
    String[] arguments = {
      "ask",
      Samples.brain().toString(),
      QUESTION,
      "--json-schema",
      schema.toString(),
      "--temperature",
      "1.5",
      "--top-p",
      "0.95",
      "--seed",
      "7"
    };
    Outcome outcome = Product.run(folder, arguments);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    JsonNode answer = new ObjectMapper().readTree(outcome.lines().get(0));
    assertThat(answer.path("plane").asText()).isIn("axial", "coronal", "sagittal");
    assertThat(answer.path("sure").isBoolean()).isTrue();
    assertThat(answer.path("note").asText()).hasSizeLessThanOrEqualTo(60);
    assertThat(outcome.lines().get(1)).startsWith("RESEARCH USE ONLY");
    assertThat(Product.run(folder, arguments).lines().get(0)).isEqualTo(outcome.lines().get(0));
  }

  @Test
  void withoutAPictureTheModelAnswersToo() {
    Outcome outcome = Product.run(folder, "ask", "--no-picture", QUESTION);
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
    assertThat(outcome.lines().get(1)).startsWith("RESEARCH USE ONLY");
  }

  @Test
  void aMissingPictureIsAUsageError() {
    Outcome outcome = Product.run(folder, "ask", "nowhere.png", QUESTION);
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("nowhere.png");
  }

  private static BufferedImage gradient() {
    var image = new BufferedImage(96, 64, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 64; y++) {
      for (int x = 0; x < 96; x++) {
        image.setRGB(x, y, (x * 2) << 16 | (y * 3) << 8 | (x + y));
      }
    }
    return image;
  }
}
