package org.llavamed.importer.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;
import org.llavamed.model.internal.Runtimes;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;

/** The 91 questions about pictures of VQA-RAD that transformers answered with tiny-llava. */
final class Cases {
  private static final Path DATA = Path.of(System.getProperty("shared.data", "absent"));
  private static final Path CHECKPOINT = DATA.resolve("tiny-llava");
  private static final Path IMAGES = DATA.resolve("vqa-rad/images");

  private final JsonNode cases;
  private final Map<String, Picture> pictures = new LinkedHashMap<>();

  /** Reads them, or skips the test. */
  Cases() throws IOException {
    boolean present = Files.exists(CHECKPOINT.resolve("expected.json")) && Files.exists(IMAGES);
    if (!present) {
      System.out.println("SKIPPED: no checkpoint and reference answers in " + DATA);
    }
    assumeTrue(present, "no checkpoint and reference answers in " + DATA);
    cases = new ObjectMapper().readTree(CHECKPOINT.resolve("expected.json").toFile()).path("cases");
    for (JsonNode one : cases) {
      String image = one.path("image").asText();
      pictures.put(image, read(IMAGES.resolve(image)));
    }
  }

  /** Returns the folder of shared data, which may be absent. */
  static Path data() {
    return DATA;
  }

  static Path checkpoint() {
    return CHECKPOINT;
  }

  int size() {
    return cases.size();
  }

  /** Returns the answers of transformers that a model does not give, with its own. */
  List<String> otherAnswers(Path folder, String variant) {
    List<String> others = new ArrayList<>();
    try (VisionLanguageModel model = Runtimes.runtime(variant).open(folder)) {
      for (JsonNode one : cases) {
        String expected = one.path("answer").asText().strip();
        try (EncodedPicture picture = model.encode(picture(one))) {
          Generation greedy = Generation.GREEDY.withMaxNewTokens(64);
          Query query = Query.open(one.path("question").asText(), greedy);
          String found = picture.answer(query, text -> {}).text();
          if (!found.equals(expected)) {
            others.add(expected + " -> " + found);
          }
        }
      }
    }
    return others;
  }

  /** Returns the logits of each answer's first token. */
  List<FloatBuffer> firstLogits(Path folder, String variant) {
    PicturePreparation preparation =
        PicturePreparation.read(folder.resolve("preprocessor_config.json"), PictureMode.PAD);
    List<FloatBuffer> logits = new ArrayList<>();
    try (ModelInspection model = Runtimes.runtime(variant).inspect(folder)) {
      Map<String, FloatBuffer> features = new LinkedHashMap<>();
      pictures.forEach(
          (name, picture) ->
              features.put(name, model.imageFeatures(preparation.prepare(picture).values())));
      for (JsonNode one : cases) {
        List<Integer> prompt = new ArrayList<>();
        one.path("prompt_ids").forEach(id -> prompt.add(id.asInt()));
        Optional<FloatBuffer> picture =
            Optional.ofNullable(features.get(one.path("image").asText()));
        logits.addAll(model.logits(prompt, picture, prompt.size()));
      }
    }
    return logits;
  }

  private Picture picture(JsonNode one) {
    Picture picture = pictures.get(one.path("image").asText());
    if (picture == null) {
      throw new IllegalStateException("no picture for " + one);
    }
    return picture;
  }

  /** Returns a picture in shades of grey or colour. */
  static Picture read(Path file) throws IOException {
    BufferedImage image = ImageIO.read(file.toFile());
    int channels = image.getRaster().getNumBands() == 1 ? 1 : 3;
    int width = image.getWidth();
    byte[] pixels = new byte[width * image.getHeight() * channels];
    for (int i = 0; i < pixels.length; i++) {
      int at = i / channels;
      pixels[i] =
          (byte)
              (channels == 1
                  ? image.getRaster().getSample(at % width, at / width, 0)
                  : image.getRGB(at % width, at / width) >> (16 - 8 * (i % 3)));
    }
    return new Picture(width, image.getHeight(), channels, ByteBuffer.wrap(pixels));
  }
}
