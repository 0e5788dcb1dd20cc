package org.llavamed.learning.loop;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Json;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.model.TensorFile;
import org.llavamed.learning.recipe.Curriculum;
import org.llavamed.learning.recipe.Recipe;

/** Alignment, instruction tuning and fine-tuning, each going on from the model before it. */
final class CurriculumTest {
  @TempDir Path folder;

  @Test
  void theStagesGoOnFromEachOther() throws IOException {
    Tiny.write(folder);
    Recipe whole = Tiny.recipe(folder, "whole", Map.of("optimiser.steps", "30"));
    Tiny.run(whole, false);
    split(Tiny.folder(whole).model());
    stage("stage1", "{language: %s/language, vision: %s/vision, template: vicuna_v1}", "");
    stage("stage2", "{folder: set-by-the-curriculum}", "lora: {rank: 4, alpha: 8}");
    stage("stage3", "{folder: set-by-the-curriculum}", "");
    Path file = folder.resolve("curriculum.yaml");
    Files.writeString(
        file,
        """
        name: all
        stages:
          - recipe: stage1.yaml
            set: {rates.decoder: 0}
          - recipe: stage2.yaml
          - recipe: stage3.yaml
            set: {data.0.file: %s/mixed.json, batch.accumulation: 2}
        """
            .formatted(folder));

    List<Recipe> stages = Curriculum.read(file, Map.of("optimiser.steps", "20")).stages();
    List<List<Double>> losses =
        stages.stream().map(stage -> Tiny.losses(Tiny.run(stage, false))).toList();

    assertThat(losses.get(0).get(19)).isLessThan(losses.get(0).get(0));
    assertThat(losses.get(1).get(0)).isLessThan(losses.get(0).get(0)); // goes on
    assertThat(losses.get(1).get(19)).isLessThan(losses.get(1).get(0));
    assertThat(losses.get(2).get(19)).isLessThan(losses.get(2).get(0));
    Map<String, Tensor> first = weights(Tiny.folder(whole).model());
    weights(Tiny.folder(stages.get(2)).model())
        .forEach(
            (name, tensor) -> {
              if (name.startsWith("vision_tower.")) {
                assertThat(tensor.floats()).as(name).containsExactly(numbers(first, name));
              }
            });
  }

  private void stage(String name, String model, String more) throws IOException {
    Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        name: %2$s
        out: %1$s/%2$s
        model: %3$s
        rates: {projector: 5e-3, decoder: 5e-3}
        %4$s
        data: [{file: %1$s/train.json, pictures: %1$s/pictures}]
        batch: {size: 8, maxLength: 96}
        """
            .formatted(folder, name, model.replace("%s", folder.toString()), more));
  }

  /** Makes a language model and a CLIP tower of a model, in folders of their own. */
  private void split(Path model) throws IOException {
    ObjectNode config = Json.object(model.resolve("config.json"));
    Map<String, Tensor> all = weights(model);
    for (String part : List.of("language", "vision")) {
      String prefix = part.equals("language") ? "language_model." : "vision_tower.";
      Path out = Files.createDirectories(folder.resolve(part));
      Map<String, Tensor> own = new LinkedHashMap<>();
      all.forEach(
          (name, tensor) -> {
            if (name.startsWith(prefix)) {
              own.put(name.substring(prefix.length()), tensor);
            }
          });
      TensorFile.write(Tiny.engine(), out.resolve("model.safetensors"), own);
      String key = part.equals("language") ? "text_config" : "vision_config";
      Json.write(out.resolve("config.json"), (ObjectNode) config.get(key));
    }
    for (String name : List.of("tokenizer.json", "tokenizer_config.json")) {
      Files.copy(model.resolve(name), folder.resolve("language").resolve(name));
    }
    String preparation = "preprocessor_config.json";
    Files.copy(model.resolve(preparation), folder.resolve("vision").resolve(preparation));
  }

  private static Map<String, Tensor> weights(Path model) {
    return TensorFile.read(Tiny.engine(), model.resolve("model.safetensors"));
  }

  private static float[] numbers(Map<String, Tensor> tensors, String name) {
    Tensor tensor = tensors.get(name);
    return tensor == null ? new float[0] : tensor.floats();
  }
}
