package org.llavamed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.checkpoint.TextConfig.Family;

/** What a decoder's configuration leaves out, against MistralConfig of transformers. */
final class TextConfigTest {
  @ParameterizedTest
  @CsvSource({
    "MISTRAL, absent, 4096",
    "MISTRAL, null, 131072",
    "MISTRAL, 1000, 1000",
    "LLAMA, absent, 2048"
  })
  void theWindowLimitsTheContext(Family family, String window, int context) {
    ObjectNode node = Json.object();
    if (window.equals("null")) {
      node.putNull("sliding_window");
    } else if (!window.equals("absent")) {
      node.put("sliding_window", Integer.parseInt(window));
    }
    ConfigReader reader = new ConfigReader(Path.of("config.json"), "", node);
    assertThat(TextConfig.of(reader, family, false).context()).isEqualTo(context);
  }
}
