package org.llavamed.importer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.SpecialTokens;
import org.llavamed.checkpoint.TokenizerFile;

class TokenizerFileTest {
  private static final Path MODEL =
      Path.of(
          "../../bundles/preprocess/src/test/resources/org/llavamed/preprocess",
          "sentencepiece-llama.model");
  private static final int PIECES = 560;

  @TempDir Path checkpoint;
  @TempDir Path folder;

  @BeforeEach
  void writeVersionOne() throws IOException {
    Files.copy(MODEL, checkpoint.resolve("tokenizer.model"));
    Files.writeString(
        checkpoint.resolve("added_tokens.json"), "{\"<im_patch>\": 561, \"[PAD]\": 560}");
    Files.writeString(
        checkpoint.resolve("special_tokens_map.json"),
        "{\"bos_token\": \"</s>\", \"eos_token\": \"</s>\", \"pad_token\": \"[PAD]\"}");
  }

  @Test
  void aSentencePieceModelBecomesATokenizerWithItsAddedTokens() throws IOException {
    TokenizerFile tokenizer = TokenizerFile.read(checkpoint);
    assertThat(tokenizer.id("<im_patch>")).isEqualTo(OptionalInt.of(PIECES + 1));
    assertThat(tokenizer.add("<image>")).isEqualTo(PIECES + 2);
    tokenizer.write(folder);
    var json = Json.object(folder.resolve(TokenizerFile.NAME));
    assertThat(json.path("model").path("vocab")).hasSize(PIECES);
    assertThat(json.path("added_tokens").findValuesAsText("content"))
        .containsExactly("<unk>", "<s>", "</s>", "[PAD]", "<im_patch>", "<image>");
  }

  @Test
  void theTokensOfItsOwnFilesGoBeforeThoseOfTheConfiguration() {
    var configuration = Json.object().put("bos_token_id", 0).put("eos_token_id", 1);
    SpecialTokens tokens =
        SpecialTokens.of(Json.object(), configuration).with(TokenizerFile.read(checkpoint));
    assertThat(tokens).isEqualTo(new SpecialTokens(2, List.of(2, 1)));
  }
}
