package org.llavamed.learning.loop;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.checkpoint.Json;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.learning.model.AdapterFolder;
import org.llavamed.learning.model.Llava;
import org.llavamed.learning.model.Origin;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.run.RunFolder;
import org.llavamed.preprocess.ConversationTemplate;

/**
 * Writes what a run has made: the model in Hugging Face's LLaVA layout and, where adapters were
 * trained, these alone in PEFT's layout and the model with them merged.
 */
final class ModelOutput {
  private static final String CONFIG = "config.json";
  private static final String README = "README.md";

  private final Engine engine;
  private final Recipe recipe;
  private final Prepared prepared;
  private final CheckpointState.Setting setting;

  ModelOutput(Engine engine, Recipe recipe, Prepared prepared, CheckpointState.Setting setting) {
    this.engine = engine;
    this.recipe = recipe;
    this.prepared = prepared;
    this.setting = setting;
  }

  /** Writes the folders; each is there once it is whole. Merges adapters into the model. */
  void write(Llava model, RunFolder folder, long steps) {
    if (model.adapters().lora().isPresent()) {
      WholeFolder.write(
          folder.adapter(),
          half -> {
            AdapterFolder.write(engine, model, half, start());
            Files.writeString(half.resolve(README), card("Adapters", steps));
          });
      model.adapters().merge();
    }
    WholeFolder.write(
        folder.model(),
        half -> {
          prepared.origin().write(engine, model, half, type(), Origin.SHARD);
          describe(half);
          Files.writeString(half.resolve(README), card("Model", steps));
        });
  }

  /** Weights are rounded to bf16 only where products were computed in it. */
  private DType type() {
    return recipe.precision().equals("bf16") && engine.hasBf16() ? DType.BF16 : DType.F32;
  }

  /** Says how pictures and conversations are prepared, where importers look for it. */
  private void describe(Path half) throws IOException {
    ObjectNode config = Json.object(half.resolve(CONFIG));
    config.put("image_aspect_ratio", recipe.pictures().mode());
    Json.write(half.resolve(CONFIG), config);
    var template = ConversationTemplate.named(recipe.model().template());
    Files.writeString(
        half.resolve(ChatTemplateFile.NAME),
        ChatTemplateFile.of(template, prepared.pictureToken()));
  }

  private String start() {
    Recipe.Start start = recipe.model();
    if (start.folder() != null) {
      return start.folder();
    }
    return start.random() != null
        ? "random weights in the shape of " + start.random()
        : "%s with %s and a fresh projector (%s)"
            .formatted(start.language(), start.vision(), start.projector());
  }

  private String card(String what, long steps) {
    String files =
        setting.files().entrySet().stream()
            .map(entry -> "| `%s` | `%s` |".formatted(entry.getKey(), entry.getValue()))
            .collect(Collectors.joining("\n"));
    return """
        # %s

        **%s**

        %s of a run of training by LLaVA-Med for DICOM. It knows nothing that its data do not say; \
        what it says of a picture may be wrong.

        | | |
        | --- | --- |
        | recipe | %s |
        | began with | %s |
        | steps | %d |
        | processes | %d |
        | template | %s |
        | pictures | %s |
        | adapters | %s |
        | weights | %s |
        | engine | %s |

        SHA-256 of what it was made of:

        | file or folder | SHA-256 |
        | --- | --- |
        %s
        """
        .formatted(
            recipe.name(),
            ResearchMark.NOTICE,
            what,
            recipe.name(),
            start(),
            steps,
            setting.processes(),
            recipe.model().template(),
            recipe.pictures().mode(),
            recipe.adapters().map(Object::toString).orElse("none"),
            type(),
            setting.engine(),
            files);
  }
}
