package org.llavamed.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.SentencePieceCheckpoint;
import org.llavamed.preprocess.Tokenizer;

/** A checkpoint's tokenizer in the form of tokenizer.json. */
public final class TokenizerFile {
  /** The file's name. */
  public static final String NAME = "tokenizer.json";

  private final Path file;
  private final ObjectNode json;
  private final OptionalInt begin;
  private final OptionalInt end;
  private boolean changed;

  private TokenizerFile(Path file, ObjectNode json) {
    this.file = file;
    this.json = json;
    this.begin = OptionalInt.empty();
    this.end = OptionalInt.empty();
  }

  private TokenizerFile(Path file, SentencePieceCheckpoint checkpoint) {
    this.file = file;
    this.json = Json.parse(file, checkpoint.tokenizerJson());
    this.begin = checkpoint.beginId();
    this.end = checkpoint.endId();
    this.changed = true;
  }

  /**
   * Reads tokenizer.json; where there is none, tokenizer.model with the tokens that the checkpoint
   * adds is converted.
   *
   * @throws ModelException if there is neither, or one that cannot be read
   */
  public static TokenizerFile read(Path checkpoint) {
    Path file = checkpoint.resolve(NAME);
    if (Files.isRegularFile(file)) {
      return new TokenizerFile(file, Json.object(file));
    }
    Path model = checkpoint.resolve(SentencePieceCheckpoint.MODEL);
    if (!Files.isRegularFile(model)) {
      throw ModelException.invalid(
          checkpoint,
          "neither " + NAME + " nor " + SentencePieceCheckpoint.MODEL + " is there",
          "Name a whole Hugging Face checkpoint folder");
    }
    return new TokenizerFile(model, SentencePieceCheckpoint.read(checkpoint));
  }

  /** Returns the token that starts a text, where a SentencePiece checkpoint's files say it. */
  public OptionalInt begin() {
    return begin;
  }

  /** Returns the token that ends an answer, where a SentencePiece checkpoint's files say it. */
  public OptionalInt end() {
    return end;
  }

  /** Returns the text of an added token, where there is one of this id. */
  public Optional<String> added(int id) {
    for (JsonNode token : json.path("added_tokens")) {
      if (token.path("id").asInt(-1) == id) {
        return Optional.of(token.path("content").asText());
      }
    }
    return Optional.empty();
  }

  /** Returns the id of an added token, where there is one of this text. */
  public OptionalInt id(String content) {
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
  public int add(String content) {
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

  /**
   * Checks that a tokenizer.json can be read.
   *
   * @throws org.llavamed.inference.ModelException if it cannot
   */
  public void check() {
    if (file.endsWith(NAME)) {
      Tokenizer.open(file).close();
    }
  }

  /** Returns where it was read from, for messages. */
  public Path file() {
    return file;
  }

  /** Returns the content of tokenizer.json. */
  public ObjectNode json() {
    return json;
  }

  /** Writes tokenizer.json, byte by byte as it was where nothing was added. */
  public void write(Path folder) throws IOException {
    if (changed) {
      Json.write(folder.resolve(NAME), json);
    } else {
      Files.copy(file, folder.resolve(NAME));
    }
  }
}
