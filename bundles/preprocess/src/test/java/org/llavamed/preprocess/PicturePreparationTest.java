package org.llavamed.preprocess;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.ModelException;

class PicturePreparationTest {
  private static final String CONFIG =
      """
      {"do_resize": true, "size": {"shortest_edge": %d}, "resample": 3,
       "do_center_crop": true, "crop_size": {"height": %d, "width": %d},
       "do_rescale": true, "rescale_factor": 0.00392156862745098, "do_normalize": true,
       "image_mean": [0.48145466, 0.4578275, 0.40821073],
       "image_std": [0.26862954, 0.26130258, 0.27577711]}
      """;

  @TempDir Path folder;

  record Golden(String pillow, String numpy, List<Case> cases) {}

  record Case(
      int width,
      int height,
      int channels,
      String kind,
      String mode,
      int edge,
      int crop,
      @JsonProperty("pixels") String pixels,
      String values) {
    Picture picture() {
      return kind.equals("noise")
          ? GeneratedPictures.noise(width, height, channels)
          : GeneratedPictures.ramp(width, height, channels);
    }
  }

  static List<Case> cases() throws IOException {
    var file = PicturePreparationTest.class.getResource("golden-pictures.json");
    return new ObjectMapper().readValue(file, Golden.class).cases();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void equalsPillowAndNumpyBitForBit(Case expected) throws IOException {
    PicturePreparation preparation =
        preparation(
            CONFIG.formatted(expected.edge(), expected.crop(), expected.crop()), expected.mode());
    assertThat(sha256(preparation.resize(expected.picture()).pixels()))
        .isEqualTo(expected.pixels());
    assertThat(sha256(littleEndian(preparation.prepare(expected.picture()))))
        .isEqualTo(expected.values());
  }

  @Test
  void resizesTheLongestPictureThatIsAllowedInLittleMemory() throws IOException {
    Picture line = GeneratedPictures.noise(PicturePreparation.MOST_EDGE, 1, 1);
    for (String mode : List.of("square", "pad")) {
      assertThat(preparation(CONFIG.formatted(224, 224, 224), mode).prepare(line).side())
          .isEqualTo(224);
    }
  }

  @Test
  void namesTheSizeOfAPictureThatIsTooLong() throws IOException {
    Picture line = GeneratedPictures.noise(PicturePreparation.MOST_EDGE + 1, 1, 1);
    PicturePreparation preparation = preparation(CONFIG.formatted(224, 224, 224), "pad");
    assertThatThrownBy(() -> preparation.prepare(line))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            "picture: a size of 65537 x 1 pixels (the longest edge is 65536) is not supported. Cut"
                + " the picture to the part that matters.");
  }

  @Test
  void namesItselfWithItsNumbers() throws IOException {
    assertThat(preparation(CONFIG.formatted(224, 224, 224), "pad").name())
        .isEqualTo("clip-pad-224-bicubic");
    assertThat(preparation(CONFIG.formatted(336, 336, 336), "square").name())
        .isEqualTo("clip-square-336-bicubic");
  }

  @Test
  void readsTheOlderFormOfSizes() throws IOException {
    String config =
        CONFIG
            .formatted(336, 336, 336)
            .replace("{\"shortest_edge\": 336}", "336")
            .replace("{\"height\": 336, \"width\": 336}", "336");
    assertThat(config).contains("\"size\": 336,", "\"crop_size\": 336,");
    assertThat(preparation(config, "square").side()).isEqualTo(336);
  }

  @Test
  void namesAFileThatIsNoJsonOnOneLine() {
    assertThatThrownBy(() -> preparation("{\"size\": x}", "square"))
        .isInstanceOf(ModelException.class)
        .hasMessageStartingWith(folder.resolve("preprocessor_config.json") + ": is no valid JSON (")
        .hasMessageEndingWith("). Take the preprocessor_config.json of the checkpoint.")
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("\n"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"resample\": 3 | \"resample\": 2 | resample is 2, expected 3 (bicubic)",
        "\"do_rescale\": true | \"do_rescale\": false | do_rescale is false, expected true",
        "\"height\": 224 | \"height\": 225 | crop_size is {\"height\":225,\"width\":224}, expected a"
            + " square of at most 224 pixels, the shortest_edge of size",
        "\"shortest_edge\": 224 | \"shortest_edge\": 0 | size is {\"shortest_edge\":0}, expected"
            + " {\"shortest_edge\": 1 to 4096}",
        "0.48145466, | | image_mean is [0.4578275,0.40821073], expected 3 numbers (R, G, B)",
        "0.26862954 | 0 | image_std holds 0.0, expected more than 0",
        "0.00392156862745098 | -1 | rescale_factor holds -1.0, expected more than 0",
      })
  void namesWhatItDoesNotDo(String from, String to, String message) {
    String config = CONFIG.formatted(224, 224, 224).replace(from, to == null ? "" : to);
    assertThatThrownBy(() -> preparation(config, "square"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            folder.resolve("preprocessor_config.json")
                + ": "
                + message
                + ". Take the preprocessor_config.json of the checkpoint.");
  }

  @Test
  void namesAFileThatIsMissingOrNoJson() {
    assertThatThrownBy(
            () -> PicturePreparation.read(folder.resolve("absent.json"), PictureMode.PAD))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("absent.json: there is no such file. ");
    assertThatThrownBy(() -> preparation("{", "pad"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("preprocessor_config.json: is no valid JSON (");
    assertThatThrownBy(() -> preparation("[]", "pad"))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("preprocessor_config.json: is no JSON object");
  }

  @Test
  void namesAPictureModeThatIsUnknown() {
    assertThatThrownBy(() -> PictureMode.named("keep"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "pictureMode: is 'keep', expected one of square, pad. Import the checkpoint again.");
  }

  private PicturePreparation preparation(String config, String mode) throws IOException {
    Path file = Files.writeString(folder.resolve("preprocessor_config.json"), config);
    return PicturePreparation.read(file, PictureMode.named(mode));
  }

  private static ByteBuffer littleEndian(PixelTensor tensor) {
    ByteBuffer bytes =
        ByteBuffer.allocate(tensor.values().remaining() * Float.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.asFloatBuffer().put(tensor.values());
    return bytes;
  }

  private static String sha256(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }
}
