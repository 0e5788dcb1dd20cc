package org.llavamed.learning.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.llavamed.checkpoint.Checkpoint;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.checkpoint.TextConfig;
import org.llavamed.checkpoint.TokenizerFile;
import org.llavamed.checkpoint.VisionConfig;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;

/** A language model and a CLIP tower that become one model. */
final class Joined {
  private static final String PICTURE = "<image>";
  private static final String PREPROCESSOR = "preprocessor_config.json";

  private Joined() {}

  static Origin of(Path language, Path vision, String projector) {
    ObjectNode text = Json.object(language.resolve(Origin.CONFIG));
    ConfigReader textReader = new ConfigReader(language.resolve(Origin.CONFIG), "", text);
    TextConfig decoder = TextConfig.of(textReader, TextConfig.family(textReader), false);
    TokenizerFile tokenizer = TokenizerFile.read(language);
    int picture = tokenizer.id(PICTURE).orElseGet(() -> tokenizer.add(PICTURE));
    ObjectNode json = Json.object();
    json.put("model_type", "llava");
    json.set("text_config", text.put("vocab_size", Math.max(decoder.vocabulary(), picture + 1)));
    json.set("vision_config", tower(vision));
    json.put("image_token_index", picture);
    json.put("vision_feature_layer", -2);
    json.put("vision_feature_select_strategy", "default");
    json.put("projector_hidden_act", "gelu");
    json.put("tie_word_embeddings", decoder.tied());
    if (!projector.equals("mlp2x_gelu")) {
      json.put("mm_projector_type", projector);
    }
    Checkpoint words = new Checkpoint(language);
    Checkpoint sight = new Checkpoint(vision);
    Path file = language.resolve(Origin.CONFIG);
    LlavaConfig config = LlavaConfig.of(new ConfigReader(file, "", json));
    json.put("image_seq_length", config.vision().tokens());
    return new Origin(
        json,
        file,
        files(language, vision, tokenizer, config),
        engine -> weights(engine, config, words, sight));
  }

  private static ObjectNode tower(Path vision) {
    Path file = vision.resolve(Origin.CONFIG);
    ObjectNode json = Json.object(file);
    ConfigReader reader = new ConfigReader(file, "", json);
    boolean both = reader.text("model_type", "").equals("clip");
    ConfigReader figures = both ? reader.inside("vision_config").object() : reader;
    VisionConfig.of(figures, new VisionConfig.Use(-2, false, figures, "vision_feature_layer"));
    ObjectNode described = figures.node().deepCopy();
    return described.put("model_type", "clip_vision_model");
  }

  private static Map<String, byte[]> files(
      Path language, Path vision, TokenizerFile tokenizer, LlavaConfig config) {
    Map<String, byte[]> files = Origin.beside(language);
    files.remove("tokenizer.model"); // it lacks the token of the pictures
    files.put(TokenizerFile.NAME, bytes(tokenizer.json()));
    byte[] preparation = Origin.beside(vision).get(PREPROCESSOR);
    if (preparation == null) {
      throw TrainingException.invalid(
          vision, "there is no " + PREPROCESSOR, "Name a whole Hugging Face CLIP folder");
    }
    files.put(PREPROCESSOR, preparation);
    ObjectNode processor = Json.object();
    processor.put("processor_class", "LlavaProcessor");
    processor.put("image_token", PICTURE);
    processor.put("num_additional_image_tokens", 1);
    processor.put("patch_size", config.vision().patch());
    processor.put("vision_feature_select_strategy", "default");
    files.put("processor_config.json", bytes(processor));
    return files;
  }

  private static byte[] bytes(ObjectNode json) {
    return json.toString().getBytes(StandardCharsets.UTF_8);
  }

  /** The parts' own weights, and fresh ones for the projector. */
  private static Weights weights(
      Engine engine, LlavaConfig config, Checkpoint words, Checkpoint sight) {
    Weights decoder = CheckpointWeights.growing(engine, words);
    Weights tower = new CheckpointWeights(engine, sight);
    Weights fresh = new RandomWeights(engine, Origin.deepest(config));
    return new Weights() {
      private Weights of(String name) {
        if (Part.TOWER.holds(name)) {
          return tower;
        }
        return Part.DECODER.holds(name) ? decoder : fresh;
      }

      @Override
      public Tensor get(String name, Kind kind, long... shape) {
        return of(name).get(name, kind, shape);
      }

      @Override
      public boolean has(String name) {
        return of(name).has(name);
      }
    };
  }
}
