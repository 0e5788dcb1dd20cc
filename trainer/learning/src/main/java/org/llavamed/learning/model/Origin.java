package org.llavamed.learning.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.llavamed.checkpoint.Checkpoint;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/**
 * Where a model comes from: its shape, its weights, and the files that a folder of a trained model
 * has beside the weights.
 */
public final class Origin {
  /** Bytes of weights in a file at most. */
  public static final long SHARD = 5_000_000_000L;

  static final String CONFIG = "config.json";
  private static final long MOST_BYTES = 200_000_000;
  private static final List<String> BESIDE =
      List.of(
          "added_tokens.json",
          "chat_template.jinja",
          "chat_template.json",
          "generation_config.json",
          "preprocessor_config.json",
          "processor_config.json",
          "special_tokens_map.json",
          "tokenizer.json",
          "tokenizer.model",
          "tokenizer_config.json");

  private final LlavaConfig config;
  private final ObjectNode json;
  private final Map<String, byte[]> files;
  private final Function<Engine, Weights> weights;

  Origin(ObjectNode json, Path file, Map<String, byte[]> files, Function<Engine, Weights> weights) {
    this.config = LlavaConfig.of(new ConfigReader(file, "", json));
    this.json = json;
    this.files = files;
    this.weights = weights;
  }

  /**
   * A trained model in Hugging Face's LLaVA layout.
   *
   * @throws org.llavamed.inference.ModelException if it is incomplete, damaged or not supported
   */
  public static Origin folder(Path folder) {
    Checkpoint checkpoint = new Checkpoint(folder);
    Path config = folder.resolve(CONFIG);
    return new Origin(
        Json.object(config),
        config,
        beside(folder),
        engine -> new CheckpointWeights(engine, checkpoint));
  }

  /**
   * Fresh weights for the shape that the config.json of a folder describes; {@link RandomWeights}
   * says how they are drawn.
   *
   * @throws org.llavamed.inference.ModelException if the shape is not supported
   */
  public static Origin fresh(Path folder) {
    Path file = folder.resolve(CONFIG);
    ObjectNode json = Json.object(file);
    LlavaConfig config = LlavaConfig.of(new ConfigReader(file, "", json));
    return new Origin(
        json, file, beside(folder), engine -> new RandomWeights(engine, deepest(config)));
  }

  /**
   * A language model and a CLIP tower, with a fresh projector between them.
   *
   * @param language a Hugging Face LLaMA or Mistral folder
   * @param vision a Hugging Face CLIP folder
   * @param projector {@code linear} or {@code mlpNx_gelu}
   * @throws org.llavamed.inference.ModelException if one is incomplete, damaged or not supported
   */
  public static Origin joined(Path language, Path vision, String projector) {
    return Joined.of(language, vision, projector);
  }

  static int deepest(LlavaConfig config) {
    return Math.max(config.text().layers(), config.vision().layers());
  }

  /** Returns the files of a folder that go with a model, those that are there. */
  static Map<String, byte[]> beside(Path folder) {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (String name : BESIDE) {
      Path file = folder.resolve(name);
      if (Files.isRegularFile(file)) {
        files.put(name, content(file));
      }
    }
    return files;
  }

  private static byte[] content(Path file) {
    try {
      if (Files.size(file) > MOST_BYTES) {
        throw TrainingException.invalid(
            file,
            "it has %d bytes, at most %d are read".formatted(Files.size(file), MOST_BYTES),
            "Check that it is the file it is named after");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
  }

  /** Returns the shape. */
  public LlavaConfig config() {
    return config;
  }

  /**
   * Makes the model. Fresh weights begin with the engine's random numbers, so its seed is set
   * before. To be called outside of all scopes.
   *
   * @throws org.llavamed.inference.ModelException if a weight is missing or has another shape
   */
  public Llava open(Engine engine, Llava.Settings settings) {
    return new Llava(engine, config, weights.apply(engine), settings);
  }

  /**
   * Writes a model that came from here as a Hugging Face LLaVA folder.
   *
   * @param folder there and empty; the caller moves it to its place when it is whole
   * @param type of the numbers: F32, F16 or BF16
   * @param most bytes of weights in a file, usually {@link #SHARD}
   * @throws TrainingException if the model has adapters
   */
  public void write(Engine engine, Llava model, Path folder, DType type, long most)
      throws IOException {
    if (model.adapters().lora().isPresent()) {
      throw TrainingException.invalid(
          folder, "the model has adapters", "Merge them first, or write them alone");
    }
    writeFiles(folder, type);
    Map<String, Tensor> all = new LinkedHashMap<>(model.parameters().all());
    all.keySet().removeIf(Part.HEAD::holds);
    WeightFiles.write(engine, folder, all, type, most);
  }

  /**
   * Writes all but the weights: configuration, tokenizer, preparation of pictures.
   *
   * @param folder there
   * @param type of the weights' numbers
   */
  public void writeFiles(Path folder, DType type) throws IOException {
    ObjectNode described = json.deepCopy();
    described.putArray("architectures").add("LlavaForConditionalGeneration");
    described.remove("dtype");
    described.put("torch_dtype", named(type));
    Json.write(folder.resolve(CONFIG), described);
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(folder.resolve(file.getKey()), file.getValue());
    }
  }

  private static String named(DType type) {
    return switch (type) {
      case F32 -> "float32";
      case F16 -> "float16";
      case BF16 -> "bfloat16";
      case I64, U8, BOOL ->
          throw new IllegalArgumentException(type + " holds no weights, expected F32, F16 or BF16");
    };
  }
}
