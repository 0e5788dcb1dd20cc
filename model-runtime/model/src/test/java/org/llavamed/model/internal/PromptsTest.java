package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.Tokenizer;

class PromptsTest {
  @TempDir Path scratch;

  /** Checkpoints of texts have a [PAD] in the tokenizer that the embeddings do not reach to. */
  @Test
  void refusesATokenThatTheModelHasNot() throws IOException {
    ModelDescription model = ModelFolder.open(TinyVqa.FOLDER).description();
    ObjectMapper json = new ObjectMapper();
    ObjectNode tokens =
        (ObjectNode) json.readTree(TinyVqa.FOLDER.resolve("tokenizer.json").toFile());
    ArrayNode added = (ArrayNode) tokens.path("added_tokens");
    ObjectNode pad = added.get(0).deepCopy();
    added.add(pad.put("id", model.vocabulary()).put("content", "[PAD]"));
    ((ObjectNode) tokens.path("model").path("vocab")).put("[PAD]", model.vocabulary());
    Path file = scratch.resolve("tokenizer.json");
    json.writeValue(file.toFile(), tokens);
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      assertThat(tokenizer.encode("[PAD]")).contains(model.vocabulary());
      Prompts prompts = new Prompts(tokenizer, model);
      assertThat(prompts.prompt("Is it normal?", false).tokens()).isNotEmpty();
      assertThatThrownBy(() -> prompts.prompt("Is [PAD] normal?", false))
          .isInstanceOf(ModelException.class)
          .hasMessageStartingWith(
              "question 'Is [PAD] normal?': it or a choice names a token of the model's own");
    }
  }
}
