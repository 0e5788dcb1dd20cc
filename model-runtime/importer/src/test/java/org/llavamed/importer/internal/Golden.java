package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.awt.image.Raster;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;

/** What transformers said to the embedded model's checkpoint: dist/models/golden. */
final class Golden {
  private static final Path FOLDER = Path.of("../../dist/models/golden");

  /**
   * One picture and question.
   *
   * @param prompt token ids
   * @param tokens greedy answer
   * @param top ids and values of the largest first logits
   * @param logits all first logits, or none
   */
  record Case(
      String picture,
      String question,
      List<Integer> prompt,
      List<Integer> tokens,
      Map<Integer, Float> top,
      List<Float> logits) {}

  private final JsonNode golden;

  Golden() throws IOException {
    golden = new ObjectMapper().readTree(FOLDER.resolve("golden.json").toFile());
  }

  /** Returns the names of all pictures. */
  List<String> pictures() {
    return golden.path("pictures").findValuesAsText("name");
  }

  /** Returns the cases of one picture. */
  List<Case> cases(String picture) {
    List<Case> cases = new ArrayList<>();
    for (JsonNode node : golden.path("cases")) {
      if (node.path("picture").asText().equals(picture)) {
        Map<Integer, Float> top = new LinkedHashMap<>();
        node.path("top10").forEach(pair -> top.put(pair.get(0).asInt(), pair.get(1).floatValue()));
        cases.add(
            new Case(
                picture,
                node.path("question").asText(),
                integers(node.path("prompt_ids")),
                integers(node.path("tokens")),
                top,
                floats(node.path("first_logits").asText())));
      }
    }
    return cases;
  }

  /** Returns the prepared picture as the tower wants it, [3, side, side]. */
  float[] pixels(String picture) throws IOException {
    BufferedImage image = ImageIO.read(FOLDER.resolve("prepared/" + picture + ".png").toFile());
    int side = image.getWidth();
    float[] pixels = new float[3 * side * side];
    int[] rgb = new int[3];
    for (int y = 0; y < side; y++) {
      for (int x = 0; x < side; x++) {
        image.getRaster().getPixel(x, y, rgb);
        for (int channel = 0; channel < 3; channel++) {
          float mean = golden.path("image_mean").get(channel).floatValue();
          float deviation = golden.path("image_std").get(channel).floatValue();
          pixels[(channel * side + y) * side + x] = (rgb[channel] / 255f - mean) / deviation;
        }
      }
    }
    return pixels;
  }

  /** Returns the SHA-256 of a picture's pixels that transformers saw. */
  String expectedHash(String picture) {
    return node(picture).path("pixels_sha256").asText();
  }

  /** Returns the SHA-256 of the pixels of a picture's file: rows from the top, channels last. */
  String hash(String picture) throws IOException, NoSuchAlgorithmException {
    Path file = FOLDER.resolve(node(picture).path("file").asText());
    Raster raster = ImageIO.read(file.toFile()).getRaster();
    int[] values =
        raster.getPixels(0, 0, raster.getWidth(), raster.getHeight(), (int @Nullable []) null);
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private JsonNode node(String picture) {
    for (JsonNode node : golden.path("pictures")) {
      if (node.path("name").asText().equals(picture)) {
        return node;
      }
    }
    throw new IllegalArgumentException("no golden picture " + picture);
  }

  private static List<Integer> integers(JsonNode array) {
    List<Integer> integers = new ArrayList<>();
    array.forEach(node -> integers.add(node.asInt()));
    return integers;
  }

  private static List<Float> floats(String base64) {
    ByteBuffer bytes =
        ByteBuffer.wrap(Base64.getDecoder().decode(base64)).order(ByteOrder.LITTLE_ENDIAN);
    List<Float> floats = new ArrayList<>();
    while (bytes.hasRemaining()) {
      floats.add(bytes.getFloat());
    }
    return floats;
  }
}
