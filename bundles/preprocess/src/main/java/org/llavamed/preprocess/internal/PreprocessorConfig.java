package org.llavamed.preprocess.internal;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;

/**
 * What a preprocessor_config.json says about pictures.
 *
 * @param shortestEdge length that the shorter edge is resized to, in pixels
 * @param side edge of the square that is cut out of the middle, in pixels; at most {@code
 *     shortestEdge}
 * @param rescale factor from 8-bit values to the unit of mean and deviation
 * @param mean of the channels R, G, B
 * @param deviation of the channels R, G, B
 */
public record PreprocessorConfig(
    int shortestEdge, int side, double rescale, List<Double> mean, List<Double> deviation) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ADVICE = "Take the preprocessor_config.json of the checkpoint";
  private static final long MOST_BYTES = 1 << 20;
  private static final int MOST_SIDE = 4096;
  private static final int BICUBIC = 3;

  /**
   * Reads the file.
   *
   * @throws ModelException if it is missing, no JSON, or asks for what this preparation does not do
   */
  public static PreprocessorConfig read(Path file) {
    JsonNode json = parse(file);
    for (String step : List.of("do_resize", "do_center_crop", "do_rescale", "do_normalize")) {
      if (!json.path(step).asBoolean(true)) {
        throw invalid(file, step + " is false, expected true");
      }
    }
    int resample = json.path("resample").asInt(BICUBIC);
    if (resample != BICUBIC) {
      throw invalid(file, "resample is " + resample + ", expected 3 (bicubic)");
    }
    int edge = edge(file, json, "size", "shortest_edge");
    int side = edge(file, json, "crop_size", "height");
    if (json.path("crop_size").path("width").asInt(side) != side || side > edge) {
      throw invalid(
          file,
          "crop_size is %s, expected a square of at most %d pixels, the shortest_edge of size"
              .formatted(json.path("crop_size"), edge));
    }
    return new PreprocessorConfig(
        edge,
        side,
        positive(file, "rescale_factor", json.path("rescale_factor").asDouble(1.0 / 255)),
        channels(file, json, "image_mean"),
        channels(file, json, "image_std").stream()
            .map(value -> positive(file, "image_std", value))
            .toList());
  }

  private static JsonNode parse(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw invalid(file, "holds more than " + MOST_BYTES + " bytes");
      }
      JsonNode json = JSON.readTree(file.toFile());
      if (!json.isObject()) {
        throw invalid(file, "is no JSON object");
      }
      return json;
    } catch (JsonProcessingException e) {
      throw ModelException.invalid(
          file, "is no valid JSON (" + e.getOriginalMessage() + ")", ADVICE, e);
    } catch (IOException e) {
      throw ModelException.invalid(file, FileError.reading(file, e).found(), ADVICE, e);
    }
  }

  private static int edge(Path file, JsonNode json, String key, String part) {
    JsonNode value = json.path(key).isInt() ? json.path(key) : json.path(key).path(part);
    if (!value.isInt() || value.asInt() < 1 || value.asInt() > MOST_SIDE) {
      throw invalid(
          file,
          "%s is %s, expected {\"%s\": 1 to %d}".formatted(key, json.path(key), part, MOST_SIDE));
    }
    return value.asInt();
  }

  private static List<Double> channels(Path file, JsonNode json, String key) {
    List<Double> values = new ArrayList<>();
    json.path(key).forEach(value -> values.add(value.asDouble(Double.NaN)));
    if (values.size() != 3 || !values.stream().allMatch(Double::isFinite)) {
      throw invalid(file, key + " is " + json.path(key) + ", expected 3 numbers (R, G, B)");
    }
    return List.copyOf(values);
  }

  private static double positive(Path file, String key, double value) {
    if (!(value > 0)) {
      throw invalid(file, key + " holds " + value + ", expected more than 0");
    }
    return value;
  }

  private static ModelException invalid(Path file, String found) {
    return ModelException.invalid(file, found, ADVICE);
  }
}
