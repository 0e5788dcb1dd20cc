package org.llavamed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.inference.ModelException;

final class LlavaConfigTest {
  private static LlavaConfig config(String projector) {
    ObjectNode json = Json.object();
    json.put("model_type", "llava").put("image_token_index", 5);
    json.putObject("vision_config");
    json.putObject("text_config");
    if (!projector.equals("absent")) {
      json.put("mm_projector_type", projector);
    }
    return LlavaConfig.of(new ConfigReader(Path.of("config.json"), "", json));
  }

  @ParameterizedTest
  @CsvSource({"absent, 2", "linear, 1", "mlp2x_gelu, 2", "mlp13x_gelu, 13"})
  void theProjectorHasTheLayersThatItsTypeNames(String type, int layers) {
    assertThat(config(type).projectorLayers()).isEqualTo(layers);
  }

  @Test
  void otherProjectorsAreRefused() {
    assertThatThrownBy(() -> config("identity"))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "config.json: mm_projector_type is \"identity\", expected linear or mlpNx_gelu with N"
                + " from 1 to 99. Use a checkpoint with a LLaMA or Mistral decoder and, where it"
                + " sees, a CLIP tower.");
  }
}
