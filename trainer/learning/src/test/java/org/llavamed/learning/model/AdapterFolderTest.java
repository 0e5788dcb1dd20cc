package org.llavamed.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Json;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;

final class AdapterFolderTest {
  @TempDir Path scratch;

  private final TinyModel tiny = new TinyModel();
  private final Engine engine = tiny.engine();

  private Llava adapted() {
    Llava model = tiny.open();
    AdapterFolder.read(engine, model, TinyModel.folder("adapter"));
    return model;
  }

  @Test
  void adaptersThatWereWrittenComputeTheSame() throws IOException {
    Llava model = adapted();
    model.train(Set.of(Part.DECODER));
    AdapterFolder.write(engine, model, scratch, "base");
    Llava other = tiny.open();
    AdapterFolder.read(engine, other, scratch);
    assertThat(other.adapters().lora()).isEqualTo(model.adapters().lora());
    assertThat(other.logits(tiny.inputs(0, 0)).floats())
        .containsExactly(model.logits(tiny.inputs(0, 0)).floats());
    assertThat(Json.object(scratch.resolve("adapter_config.json")).path("modules_to_save").isNull())
        .isTrue();
  }

  @Test
  void namesAreThoseThatPeftWrote() throws IOException {
    AdapterFolder.write(engine, adapted(), scratch, "base");
    assertThat(TensorFile.read(engine, scratch.resolve("adapter_model.safetensors")).keySet())
        .containsExactlyInAnyOrderElementsOf(
            TensorFile.read(engine, TinyModel.folder("adapter/adapter_model.safetensors"))
                .keySet());
  }

  @Test
  void aProjectorThatWasTrainedBesideThemIsKept() throws IOException {
    Llava model = adapted();
    model.train(Set.of(Part.PROJECTOR, Part.DECODER));
    tiny.train(model, new TinyModel.Run(1e-2, 0, 1, 20));
    AdapterFolder.write(engine, model, scratch, "base");
    Llava other = tiny.open();
    AdapterFolder.read(engine, other, scratch);
    assertThat(other.logits(tiny.inputs(0, 0)).floats())
        .containsExactly(model.logits(tiny.inputs(0, 0)).floats());
    assertThat(
            Json.object(scratch.resolve("adapter_config.json"))
                .path("modules_to_save")
                .get(0)
                .asText())
        .isEqualTo("multi_modal_projector");
  }

  @Test
  void adaptersOfFewerLayersAreRefused() throws IOException {
    Files.copy(
        TinyModel.folder("adapter/adapter_model.safetensors"),
        scratch.resolve("adapter_model.safetensors"));
    ObjectNode config = Json.object(TinyModel.folder("adapter/adapter_config.json"));
    config.putArray("target_modules").add("q_proj").add("k_proj");
    Json.write(scratch.resolve("adapter_config.json"), config);
    Llava model = tiny.open();
    assertThatThrownBy(() -> AdapterFolder.read(engine, model, scratch))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("it lacks [language_model.model.layers.0.self_attn.k_proj.lora_A")
        .hasMessageEndingWith("Use adapters of the decoder's matrices of this model.");
  }

  @Test
  void adaptersOfAnotherKindAreRefused() throws IOException {
    ObjectNode config = Json.object(TinyModel.folder("adapter/adapter_config.json"));
    Json.write(scratch.resolve("adapter_config.json"), config.put("bias", "all"));
    assertThatThrownBy(() -> AdapterFolder.read(engine, tiny.open(), scratch))
        .hasMessageContaining("bias is \"all\", expected none");
    for (String variant : List.of("use_dora", "use_rslora", "fan_in_fan_out", "lora_bias")) {
      ObjectNode other = config.deepCopy();
      Json.write(
          scratch.resolve("adapter_config.json"), other.put("bias", "none").put(variant, true));
      assertThatThrownBy(() -> AdapterFolder.read(engine, tiny.open(), scratch))
          .hasMessageContaining(variant + " is true, expected false");
    }
    for (String pattern : List.of("alpha_pattern", "rank_pattern")) {
      ObjectNode other = config.deepCopy().put("bias", "none");
      other.putObject(pattern).put("q_proj", 3);
      Json.write(scratch.resolve("adapter_config.json"), other);
      assertThatThrownBy(() -> AdapterFolder.read(engine, tiny.open(), scratch))
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              scratch.resolve("adapter_config.json")
                  + ": "
                  + pattern
                  + " is {\"q_proj\":3}, expected none. Use plain LoRA adapters of one rank.");
    }
    ObjectNode saved = config.deepCopy().put("bias", "none");
    saved.putArray("modules_to_save").add("lm_head");
    Json.write(scratch.resolve("adapter_config.json"), saved);
    assertThatThrownBy(() -> AdapterFolder.read(engine, tiny.open(), scratch))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(
            "modules_to_save is [\"lm_head\"], expected multi_modal_projector or none");
  }

  @Test
  void aProjectorIsKeptHoweverOftenTheyAreWritten() throws IOException {
    Llava model = adapted();
    model.train(Set.of(Part.PROJECTOR, Part.DECODER));
    tiny.train(model, new TinyModel.Run(1e-2, 0, 1, 20));
    model.train(Set.of(Part.DECODER));
    Path first = Files.createDirectory(scratch.resolve("first"));
    AdapterFolder.write(engine, model, first, "base");
    Llava second = tiny.open();
    AdapterFolder.read(engine, second, first);
    Path again = Files.createDirectory(scratch.resolve("again"));
    AdapterFolder.write(engine, second, again, "base");
    Llava third = tiny.open();
    AdapterFolder.read(engine, third, again);
    assertThat(third.logits(tiny.inputs(0, 0)).floats())
        .containsExactly(model.logits(tiny.inputs(0, 0)).floats());
  }

  @Test
  void adaptersOfAnotherRankAreNamedAndLeaveTheModelAsItWas() throws IOException {
    Files.copy(
        TinyModel.folder("adapter/adapter_model.safetensors"),
        scratch.resolve("adapter_model.safetensors"));
    ObjectNode config = Json.object(TinyModel.folder("adapter/adapter_config.json"));
    Json.write(scratch.resolve("adapter_config.json"), config.put("r", 7));
    Llava model = tiny.open();
    assertThatThrownBy(() -> AdapterFolder.read(engine, model, scratch))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(
            scratch.resolve("adapter_model.safetensors") + ", tensor base_model")
        .hasMessageContaining(", expected [")
        .hasMessageEndingWith(
            "Use adapters of this model with the rank that their adapter_config.json names.");
    assertThat(model.adapters().lora()).isEmpty();
    assertThat(model.parameters().all().keySet())
        .isEqualTo(tiny.open().parameters().all().keySet());
  }

  @Test
  void aProjectorThatIsNotWholeIsRefused() throws IOException {
    Llava model = adapted();
    model.train(Set.of(Part.PROJECTOR, Part.DECODER));
    AdapterFolder.write(engine, model, scratch, "base");
    Path file = scratch.resolve("adapter_model.safetensors");
    Map<String, Tensor> tensors = new LinkedHashMap<>(TensorFile.read(engine, file));
    String left = "base_model.model.model.multi_modal_projector.linear_2.bias";
    assertThat(tensors.remove(left)).isNotNull();
    TensorFile.write(engine, file, tensors);
    assertThatThrownBy(() -> AdapterFolder.read(engine, tiny.open(), scratch))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("it lacks [multi_modal_projector.linear_2.bias]");
  }

  @Test
  void aModelWithoutAdaptersWritesNone() {
    assertThatThrownBy(() -> AdapterFolder.write(engine, tiny.open(), scratch, "base"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(scratch + ": the model has no adapters. Write the model itself.");
  }
}
