package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.llavamed.distribution.Product.Outcome;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.Runtimes;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;
import org.llavamed.preprocess.Tokenizer;

/**
 * The embedded model's folder in transformers.js on Node, as it is. Pictures are padded and resized
 * here: transformers.js cannot pad with the mean colour, and sharp resizes unlike Pillow.
 */
final class TransformersJsIT {
  private static final Path WORK = Path.of("target/transformersjs");
  private static final Npm NPM = new Npm(Path.of("src/test/transformersjs"), WORK);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String QUESTION = "What organ is shown?";
  private static final String PROMPT = "<s>[INST] %s\n" + QUESTION + " [/INST]";
  private static final int MOST_TOKENS = 40;
  private static final List<String> PICTURES =
      List.of("brain_004-01", "mr-brain-colour-01", "mr-heart-cine-03");

  /** What Node says about the pictures, and last about a grey one. */
  private static List<JsonNode> theirs = List.of();

  private static List<Picture> pictures = List.of();

  @BeforeAll
  static void askInNode() throws IOException {
    NPM.install("ask.mjs");
    pictures = new ArrayList<>();
    for (String name : PICTURES) {
      pictures.add(read(source("dist/samples/golden").resolve(name + ".png")));
    }
    pictures.add(read(source("dist/models/golden/pictures/grey.png")));
    PicturePreparation preparation =
        PicturePreparation.read(model().resolve("preprocessor_config.json"), PictureMode.PAD);
    ArrayNode requests = JSON.createArrayNode();
    for (int i = 0; i < pictures.size(); i++) {
      Path file = WORK.resolve("picture-" + i + ".png").toAbsolutePath();
      ImageIO.write(image(preparation.resize(pictures.get(i))), "png", file.toFile());
      requests
          .addObject()
          .put("picture", file.toString())
          .put("prompt", PROMPT.formatted("<image>"))
          .put("mostTokens", MOST_TOKENS);
    }
    Path list = WORK.resolve("requests.json").toAbsolutePath();
    JSON.writeValue(list.toFile(), requests);
    Outcome outcome = NPM.run("node", "ask.mjs", model().toString(), list.toString());
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode said = JSON.readTree(outcome.out());
    System.out.printf(
        "transformers.js %s on Node %s%n",
        said.path("transformers").asText(), said.path("node").asText());
    theirs = new ArrayList<>();
    said.path("answers").forEach(theirs::add);
    assertThat(theirs).hasSameSizeAs(pictures);
  }

  @Test
  void itsAnswersAreOurs() {
    ModelRuntime runtime = Runtimes.of(model());
    Query query = Query.open(QUESTION, Generation.GREEDY.withMaxNewTokens(MOST_TOKENS));
    try (VisionLanguageModel model = runtime.open(model())) {
      for (int i = 0; i < pictures.size(); i++) {
        try (EncodedPicture encoded = model.encode(pictures.get(i))) {
          assertThat(theirs.get(i).path("text").asText())
              .isEqualTo(encoded.answer(query, text -> {}).text());
        }
      }
    }
  }

  @Test
  void itsFirstLogitsAreOurs() {
    PicturePreparation preparation =
        PicturePreparation.read(model().resolve("preprocessor_config.json"), PictureMode.PAD);
    List<Integer> prompt;
    try (Tokenizer tokenizer = Tokenizer.open(model().resolve("tokenizer.json"))) {
      prompt = tokenizer.encode(PROMPT.formatted("<image>".repeat(49)));
    }
    float largest = 0;
    try (ModelInspection model = Runtimes.of(model()).inspect(model())) {
      for (int i = 0; i < pictures.size(); i++) {
        FloatBuffer features = model.imageFeatures(preparation.prepare(pictures.get(i)).values());
        FloatBuffer ours = model.logits(prompt, Optional.of(features), prompt.size()).get(0);
        FloatBuffer found = floats(theirs.get(i).path("logits").asText());
        assertThat(found.remaining()).isEqualTo(ours.remaining());
        for (int id = 0; id < ours.remaining(); id++) {
          assertThat(found.get(id)).isCloseTo(ours.get(id), within(1e-2f));
          largest = Math.max(largest, Math.abs(found.get(id) - ours.get(id)));
        }
      }
    }
    System.out.println("transformers.js: largest difference of the first logits " + largest);
  }

  @Test
  void itSeesThePictures() {
    String grey = theirs.get(PICTURES.size()).path("text").asText();
    for (int i = 0; i < PICTURES.size(); i++) {
      assertThat(theirs.get(i).path("text").asText()).as(PICTURES.get(i)).isNotEqualTo(grey);
    }
  }

  private static Path model() {
    return source("dist/models/tiny-vqa");
  }

  private static Path source(String path) {
    return Path.of(System.getProperty("source.root")).resolve(path);
  }

  /** Stored values, which getRGB would convert where the file is grey. */
  private static Picture read(Path file) throws IOException {
    Raster raster = ImageIO.read(file.toFile()).getRaster();
    int width = raster.getWidth();
    int height = raster.getHeight();
    int[] values = raster.getPixels(0, 0, width, height, (int @Nullable []) null);
    ByteBuffer pixels = ByteBuffer.allocate(values.length);
    for (int value : values) {
      pixels.put((byte) value);
    }
    return new Picture(width, height, raster.getNumBands(), pixels.flip());
  }

  private static BufferedImage image(Picture picture) {
    var image = new BufferedImage(picture.width(), picture.height(), BufferedImage.TYPE_INT_RGB);
    ByteBuffer pixels = picture.pixels();
    for (int y = 0; y < picture.height(); y++) {
      for (int x = 0; x < picture.width(); x++) {
        int red = pixels.get() & 0xff;
        int green = pixels.get() & 0xff;
        image.setRGB(x, y, (red << 16) | (green << 8) | (pixels.get() & 0xff));
      }
    }
    return image;
  }

  private static FloatBuffer floats(String base64) {
    return ByteBuffer.wrap(Base64.getDecoder().decode(base64))
        .order(ByteOrder.LITTLE_ENDIAN)
        .asFloatBuffer();
  }
}
