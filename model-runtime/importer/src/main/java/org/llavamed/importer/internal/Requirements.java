package org.llavamed.importer.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.SpecialTokens;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;

/**
 * What the runtime asks of a model, held against the checkpoint's own files before any weights are
 * written.
 *
 * @param source the checkpoint
 */
record Requirements(Source source) {
  private static final String PREPROCESSOR = "preprocessor_config.json";

  /**
   * Checks all of them.
   *
   * @throws ModelException if one is not met
   */
  void check(Description description) {
    source
        .settings()
        .pictures()
        .ifPresent(pictures -> checkPreparation(pictures, description.pictureMode()));
    checkContext();
    checkTokens(description.tokens());
    source.tokenizer().check();
  }

  private void checkContext() {
    int pictures = source.llava().map(llava -> llava.vision().tokens()).orElse(0);
    if (source.text().context() <= pictures) {
      throw ModelException.invalid(
          source.folder().resolve("config.json"),
          "a prompt has at most %d positions, expected more than the %d of a picture"
              .formatted(source.text().context(), pictures),
          "Check max_position_embeddings, tokenizer_model_max_length and sliding_window");
    }
  }

  private void checkTokens(SpecialTokens tokens) {
    List<Integer> all = Stream.concat(Stream.of(tokens.begin()), tokens.ends().stream()).toList();
    for (int id : all) {
      if (id < 0 || id >= source.text().vocabulary()) {
        throw ModelException.invalid(
            source.folder(),
            "the token that begins prompts or ends answers is %d, expected 0 to %d"
                .formatted(id, source.text().vocabulary() - 1),
            "Check bos_token_id and eos_token_id in generation_config.json and config.json");
      }
    }
  }

  private void checkPreparation(Source.Pictures pictures, String mode) {
    Path file = pictures.preprocessorFile().orElseGet(() -> source.folder().resolve(PREPROCESSOR));
    ConfigReader reader = new ConfigReader(file, "", pictures.preprocessor());
    int side = pictures.llava().vision().side();
    int shortest = edge(reader, "size", "shortest_edge", side);
    int crop = edge(reader, "crop_size", "height", side);
    if (shortest != side || crop != side) {
      throw ModelException.invalid(
          file,
          "it resizes to %d and crops to %d pixels, config.json implies %d"
              .formatted(shortest, crop, side),
          "Use the preprocessor_config.json that belongs to this checkpoint");
    }
    pictures
        .preprocessorFile()
        .ifPresent(given -> PicturePreparation.read(given, PictureMode.named(mode)));
  }

  private static int edge(ConfigReader reader, String key, String edge, int absent) {
    return reader.node().path(key).isObject()
        ? reader.inside(key).count(edge, absent, 1 << 16)
        : reader.count(key, absent, 1 << 16);
  }
}
