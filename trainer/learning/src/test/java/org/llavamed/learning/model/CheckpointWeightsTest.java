package org.llavamed.learning.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Checkpoint;
import org.llavamed.checkpoint.TensorNames;
import org.llavamed.engine.Tensor;
import org.llavamed.inference.ModelException;

final class CheckpointWeightsTest {
  private final TinyModel tiny = new TinyModel();

  @TempDir Path folder;

  @Test
  void aModelWithFewerWordsThanItsConfigIsRefused() throws IOException {
    Files.copy(TinyModel.folder("model/model.safetensors"), folder.resolve("model.safetensors"));
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode config =
        (ObjectNode) mapper.readTree(TinyModel.folder("model/config.json").toFile());
    ObjectNode text = (ObjectNode) config.path("text_config");
    int words = text.path("vocab_size").asInt();
    text.put("vocab_size", words + 3);
    mapper.writeValue(folder.resolve("config.json").toFile(), config);
    Origin origin = Origin.folder(folder);
    assertThatThrownBy(() -> origin.open(tiny.engine(), Llava.Settings.PLAIN))
        .isInstanceOf(ModelException.class)
        .hasMessageContaining("[%d, ".formatted(words))
        .hasMessageContaining("[%d, ".formatted(words + 3));
  }

  @Test
  void addedWordsBeginAsTheMeanOfTheOthers() {
    Checkpoint checkpoint = new Checkpoint(TinyModel.folder("model"));
    long words = checkpoint.shape(TensorNames.EMBEDDINGS).get(0);
    long width = checkpoint.shape(TensorNames.EMBEDDINGS).get(1);
    Tensor table =
        CheckpointWeights.growing(tiny.engine(), checkpoint)
            .get(TensorNames.EMBEDDINGS, Weights.Kind.MATRIX, words + 2, width);
    float[] mean = table.slice(0, 0, words).mean(0).floats();
    assertThat(table.slice(0, words, words + 1).floats()).containsExactly(mean);
    assertThat(table.slice(0, words + 1, words + 2).floats()).containsExactly(mean);
  }
}
