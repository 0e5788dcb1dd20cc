package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.SentencePieceModel;

/** A checkpoint's tokenizer in the form of tokenizer.json. */
final class TokenizerFile {
  /** The file's name. */
  static final String NAME = "tokenizer.json";

  private static final String SENTENCE_PIECE = "tokenizer.model";

  private final Path file;
  private final ObjectNode json;
  private boolean changed;

  private TokenizerFile(Path file, ObjectNode json) {
    this.file = file;
    this.json = json;
  }

  /**
   * Reads tokenizer.json; where there is none, tokenizer.model with the tokens that the checkpoint
   * adds is converted.
   *
   * @throws ModelException if there is neither, or one that cannot be read
   */
  static TokenizerFile read(Path checkpoint) {
    Path file = checkpoint.resolve(NAME);
    if (Files.isRegularFile(file)) {
      return new TokenizerFile(file, Json.object(file));
    }
    Path model = checkpoint.resolve(SENTENCE_PIECE);
    if (!Files.isRegularFile(model)) {
      throw ModelException.invalid(
          checkpoint,
          "neither " + NAME + " nor " + SENTENCE_PIECE + " is there",
          "Name a whole Hugging Face checkpoint folder");
    }
    SentencePieceModel pieces = SentencePieceModel.read(model);
    OptionalInt begin = AddedTokens.begin(checkpoint) ? pieces.beginId() : OptionalInt.empty();
    String json = pieces.tokenizerJson(AddedTokens.of(checkpoint), begin);
    TokenizerFile converted = new TokenizerFile(model, Json.parse(model, json));
    converted.changed = true;
    return converted;
  }

  /** Returns the text of an added token, where there is one of this id. */
  Optional<String> added(int id) {
    for (JsonNode token : json.path("added_tokens")) {
      if (token.path("id").asInt(-1) == id) {
        return Optional.of(token.path("content").asText());
      }
    }
    return Optional.empty();
  }

  /** Returns the id of an added token, where there is one of this text. */
  OptionalInt id(String content) {
    for (JsonNode token : json.path("added_tokens")) {
      if (token.path("content").asText().equals(content)) {
        return OptionalInt.of(token.path("id").asInt());
      }
    }
    return OptionalInt.empty();
  }

  /**
   * Adds a special token that no text becomes but its own. Its id is the next free one, as the
   * tokenizers library would give it.
   */
  int add(String content) {
    int id = json.path("model").path("vocab").size();
    for (JsonNode token : json.path("added_tokens")) {
      id = Math.max(id, token.path("id").asInt() + 1);
    }
    json.withArray("added_tokens")
        .addObject()
        .put("id", id)
        .put("content", content)
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    changed = true;
    return id;
  }

  /** Returns where it was read from, for messages. */
  Path file() {
    return file;
  }

  /** Writes tokenizer.json, byte by byte as it was where nothing was added. */
  void write(Path folder) throws IOException {
    if (changed) {
      Json.write(folder.resolve(NAME), json);
    } else {
      Files.copy(file, folder.resolve(NAME));
    }
  }
}
