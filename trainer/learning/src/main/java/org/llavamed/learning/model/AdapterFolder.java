package org.llavamed.learning.model;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavamed.checkpoint.ConfigReader;
import org.llavamed.checkpoint.Json;
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
    Map<String, Tensor> projector = model.parameters().trained(Part.PROJECTOR);
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
   * Puts adapters to a model, and replaces its projector where the folder holds one.
   *
   * @throws TrainingException if they do not fit the model, or are of a kind that is not supported
   */
  public static void read(Engine engine, Llava model, Path folder) {
    Path file = folder.resolve(CONFIG);
    ConfigReader config = new ConfigReader(file, "", Json.object(file));
    config.oneOf("peft_type", "(none)", List.of("LORA"));
    config.oneOf("bias", "none", List.of("none"));
    for (String variant : VARIANTS) {
      if (config.flag(variant, false)) {
        throw config.wrong(variant, "false");
      }
    }
    int rank = config.count("r", 8, 1 << 16);
    Lora lora =
        new Lora(
            rank,
            config.number("lora_alpha", 8),
            config.has("lora_dropout") ? config.node().get("lora_dropout").asDouble() : 0,
            targets(config));
    model.adapters().add(lora);
    Map<String, Tensor> into = new LinkedHashMap<>(model.adapters().tensors());
    into.putAll(model.parameters().of(Part.PROJECTOR));
    engine.inScope(() -> copied(TensorFile.read(engine, folder.resolve(WEIGHTS)), into, folder));
  }

  private static List<String> targets(ConfigReader config) {
    Matcher named = NAMED.matcher(config.text("target_modules", ""));
    return named.matches() ? List.of(named.group(1).split("\\|")) : config.texts("target_modules");
  }

  private static boolean copied(Map<String, Tensor> from, Map<String, Tensor> into, Path folder) {
    List<String> missing = new ArrayList<>();
    Map<String, Tensor> found = new LinkedHashMap<>();
    from.forEach(
        (name, tensor) ->
            found.put(
                TensorNames.of(name.startsWith(START) ? name.substring(START.length()) : name),
                tensor));
    into.forEach(
        (name, tensor) -> {
          Tensor stored = found.remove(name);
          if (stored != null) {
            tensor.set(stored);
          } else if (!Part.PROJECTOR.holds(name)) {
            missing.add(name);
          }
        });
    if (!missing.isEmpty() || !found.isEmpty()) {
      throw TrainingException.invalid(
          folder.resolve(WEIGHTS),
          "it lacks %s and has %s that the model has not".formatted(missing, found.keySet()),
          "Use adapters of the decoder's matrices of this model");
    }
    return true;
  }
}
