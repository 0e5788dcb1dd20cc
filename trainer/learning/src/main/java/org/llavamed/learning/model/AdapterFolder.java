package org.llavamed.learning.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.Safetensors;
import org.llavamed.checkpoint.StoredTensor;
import org.llavamed.checkpoint.TensorNames;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;

/**
 * Adapters in PEFT's layout: adapter_config.json and adapter_model.safetensors, with the names that
 * the modules of transformers' LlavaForConditionalGeneration have since version 4.52. A projector
 * that was trained beside them is in it, as a module that PEFT saves whole.
 */
public final class AdapterFolder {
  private static final String CONFIG = "adapter_config.json";
  private static final String WEIGHTS = "adapter_model.safetensors";
  private static final String START = "base_model.model.";
  private static final String SAVED = "multi_modal_projector";

  /** The tower has layers of the same names, so the decoder's are named by a pattern. */
  private static final String TARGETS = ".*language_model.*\\.(%s)";

  private static final Pattern NAMED = Pattern.compile(".*\\(([a-z_|]+)\\)");

  /** Kinds of adapters that compute something else. */
  private static final List<String> VARIANTS =
      List.of("use_dora", "use_rslora", "fan_in_fan_out", "lora_bias");

  /** Keys of ranks and scales that differ from layer to layer. */
  private static final List<String> PATTERNS = List.of("alpha_pattern", "rank_pattern");

  private AdapterFolder() {}

  /**
   * Writes the adapters of a model.
   *
   * @param folder there; the caller moves it to its place when it is whole
   * @param base name or folder of the model that they belong to
   * @throws TrainingException if the model has none
   */
  public static void write(Engine engine, Llava model, Path folder, String base)
      throws IOException {
    Lora lora =
        model
            .adapters()
            .lora()
            .orElseThrow(
                () ->
                    TrainingException.invalid(
                        folder, "the model has no adapters", "Write the model itself"));
    Map<String, Tensor> projector =
        model.ownProjector() ? model.parameters().of(Part.PROJECTOR) : Map.of();
    Json.write(folder.resolve(CONFIG), described(lora, base, !projector.isEmpty()));
    Map<String, Tensor> stored = new LinkedHashMap<>();
    model.adapters().tensors().forEach((name, tensor) -> stored.put(stored(name), tensor));
    projector.forEach((name, tensor) -> stored.put(stored(name), tensor));
    TensorFile.write(engine, folder.resolve(WEIGHTS), stored, Optional.of(DType.F32));
  }

  /** {@code language_model.model.X} is {@code model.language_model.X} since version 4.52. */
  private static String stored(String name) {
    String decoder = TensorNames.TEXT + "model.";
    return START
        + "model."
        + (name.startsWith(decoder) ? TensorNames.TEXT + name.substring(decoder.length()) : name);
  }

  private static ObjectNode described(Lora lora, String base, boolean projector) {
    ObjectNode json = Json.object();
    json.put("peft_type", "LORA");
    json.put("task_type", "CAUSAL_LM");
    json.put("base_model_name_or_path", base);
    json.put("r", lora.rank());
    json.put("lora_alpha", lora.alpha());
    json.put("lora_dropout", lora.dropout());
    json.put("target_modules", TARGETS.formatted(String.join("|", lora.targets())));
    json.put("bias", "none");
    json.put("fan_in_fan_out", false);
    json.put("inference_mode", true);
    json.put("init_lora_weights", true);
    if (projector) {
      json.putArray("modules_to_save").add(SAVED);
    } else {
      json.putNull("modules_to_save");
    }
    return json;
  }

  /**
   * Puts adapters to a model, and replaces its projector where the folder holds one. A model that
   * they do not fit stays as it was.
   *
   * @throws TrainingException if they do not fit the model, or are of a kind that is not supported
   */
  public static void read(Engine engine, Llava model, Path folder) {
    Path file = folder.resolve(CONFIG);
    ConfigReader config = new ConfigReader(file, "", Json.object(file));
    checkKind(config);
    int rank = config.count("r", 8, 1 << 16);
    Lora lora =
        new Lora(
            rank,
            config.number("lora_alpha", 8),
            config.has("lora_dropout") ? config.node().get("lora_dropout").asDouble() : 0,
            targets(config));
    Path weights = folder.resolve(WEIGHTS);
    boolean projector = checkShapes(weights, model, lora);
    model.adapters().add(lora);
    Map<String, Tensor> into = new LinkedHashMap<>(model.adapters().tensors());
    if (projector) {
      into.putAll(model.parameters().of(Part.PROJECTOR));
      model.tookProjector();
    }
    engine.inScope(() -> copied(TensorFile.read(engine, weights), into));
  }

  private static void checkKind(ConfigReader config) {
    if (!config.text("peft_type", "(none)").equals("LORA")) {
      throw unsupported(config, "peft_type", "LORA");
    }
    if (!config.text("bias", "none").equals("none")) {
      throw unsupported(config, "bias", "none");
    }
    for (String variant : VARIANTS) {
      if (config.flag(variant, false)) {
        throw unsupported(config, variant, "false");
      }
    }
    for (String pattern : PATTERNS) {
      if (!config.node().path(pattern).isEmpty()) {
        throw unsupported(config, pattern, "none");
      }
    }
    if (!List.of(SAVED).containsAll(config.texts("modules_to_save"))) {
      throw unsupported(config, "modules_to_save", SAVED + " or none");
    }
  }

  private static TrainingException unsupported(ConfigReader config, String key, String expected) {
    return TrainingException.invalid(
        config.file(),
        "%s is %s, expected %s"
            .formatted(key, config.has(key) ? config.node().get(key) : "missing", expected),
        "Use plain LoRA adapters of one rank");
  }

  private static List<String> targets(ConfigReader config) {
    Matcher named = NAMED.matcher(config.text("target_modules", ""));
    return named.matches() ? List.of(named.group(1).split("\\|")) : config.texts("target_modules");
  }

  /** Checks names and shapes, and returns whether there is a projector. */
  private static boolean checkShapes(Path file, Llava model, Lora lora) {
    Map<String, StoredTensor> stored = new LinkedHashMap<>();
    Safetensors.read(file).forEach((name, tensor) -> stored.put(named(name), tensor));
    boolean projector = stored.keySet().stream().anyMatch(Part.PROJECTOR::holds);
    Map<String, List<Long>> expected = model.adapters().shapes(lora);
    if (projector) {
      model
          .parameters()
          .of(Part.PROJECTOR)
          .forEach((name, tensor) -> expected.put(name, tensor.shape()));
    }
    List<String> missing = new ArrayList<>(expected.keySet());
    missing.removeAll(stored.keySet());
    List<String> unknown = new ArrayList<>(stored.keySet());
    unknown.removeAll(expected.keySet());
    if (!missing.isEmpty() || !unknown.isEmpty()) {
      throw TrainingException.invalid(
          file,
          "it lacks %s and has %s that the model has not".formatted(missing, unknown),
          "Use adapters of the decoder's matrices of this model");
    }
    stored.forEach((name, tensor) -> checkShape(tensor, expected.getOrDefault(name, List.of())));
    return projector;
  }

  private static void checkShape(StoredTensor stored, List<Long> expected) {
    if (!stored.shape().equals(expected)) {
      throw TrainingException.invalid(
          stored.where(),
          "its shape is %s, expected %s".formatted(stored.shape(), expected),
          "Use adapters of this model with the rank that their adapter_config.json names");
    }
  }

  /** Returns the model's name of a stored tensor. */
  private static String named(String stored) {
    return TensorNames.of(stored.startsWith(START) ? stored.substring(START.length()) : stored);
  }

  private static boolean copied(Map<String, Tensor> from, Map<String, Tensor> into) {
    Map<String, Tensor> found = new LinkedHashMap<>();
    from.forEach((name, tensor) -> found.put(named(name), tensor));
    into.forEach((name, tensor) -> tensor.set(Objects.requireNonNull(found.get(name), name)));
    return true;
  }
}
