package org.llavamed.preprocess;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.internal.JsonFile;

/**
 * The tokenizer of a checkpoint folder that has a SentencePiece tokenizer.model and no
 * tokenizer.json: the model with the tokens that tokenizer_config.json, special_tokens_map.json and
 * added_tokens.json add to it.
 *
 * <p>White space around added tokens: a checkpoint saved by transformers 4.34 or later states for
 * each whether it eats it ({@code added_tokens_decoder}). In earlier ones, among them LLaVA-Med
 * v1.0's, a token that is named by its text alone eats it on both sides; that is how those models
 * were trained, so {@code <im_end>\nWhat} has no token for the line feed.
 */
public final class SentencePieceCheckpoint {
  /** The file's name. */
  public static final String MODEL = "tokenizer.model";

  private static final String ADVICE = "Take tokenizer files of one checkpoint";
  private static final List<String> NAMED =
      List.of("bos_token", "eos_token", "unk_token", "pad_token");

  private final Path folder;
  private final SentencePieceModel model;
  private final JsonNode config;
  private final JsonNode map;
  private final List<AddedToken> added;

  private SentencePieceCheckpoint(Path folder) {
    this.folder = folder;
    this.model = SentencePieceModel.read(folder.resolve(MODEL));
    this.config = optional("tokenizer_config.json");
    this.map = optional("special_tokens_map.json");
    this.added = merged();
  }

  /**
   * Reads the files.
   *
   * @param folder holds tokenizer.model; the other files may be absent
   * @throws ModelException if a file is damaged or of a kind that cannot be converted, or the files
   *     do not belong together
   */
  public static SentencePieceCheckpoint read(Path folder) {
    return new SentencePieceCheckpoint(folder);
  }

  private JsonNode optional(String name) {
    return JsonFile.optionalObject(folder.resolve(name), ADVICE);
  }

  /** By id: what tokenizer_config.json describes, and what the older files have beside it. */
  private List<AddedToken> merged() {
    Map<Integer, AddedToken> tokens = new TreeMap<>();
    JsonNode decoder = config.path("added_tokens_decoder");
    boolean described = decoder.isObject();
    for (Map.Entry<String, JsonNode> entry : decoder.properties()) {
      JsonNode token = entry.getValue();
      boolean special = token.path("special").asBoolean(true);
      put(tokens, number(entry.getKey()), token.path("content").asText(), special, token);
    }
    Map<String, JsonNode> special = special();
    for (Map.Entry<String, JsonNode> entry : optional("added_tokens.json").properties()) {
      JsonNode form = special.getOrDefault(entry.getKey(), entry.getValue());
      put(tokens, number(entry.getValue().asText()), entry.getKey(), true, form);
    }
    if (!described) {
      special.forEach(
          (text, form) -> model.id(text).ifPresent(id -> put(tokens, id, text, true, form)));
    }
    return List.copyOf(tokens.values());
  }

  /** Keeps what is described already. A form that is no object says nothing of white space. */
  private void put(
      Map<Integer, AddedToken> tokens, int id, String content, boolean special, JsonNode form) {
    boolean plain = !form.isObject() && !config.path("added_tokens_decoder").isObject();
    try {
      boolean before = plain || form.path("lstrip").asBoolean();
      boolean behind = plain || form.path("rstrip").asBoolean();
      AddedToken token = new AddedToken(id, content, special, before, behind);
      AddedToken other = tokens.putIfAbsent(id, token);
      if (other != null && !other.content().equals(content)) {
        throw ModelException.invalid(
            folder,
            "the added tokens '%s' and '%s' have the id %d".formatted(other.content(), content, id),
            ADVICE);
      }
    } catch (IllegalArgumentException e) {
      throw ModelException.invalid(folder, String.valueOf(e.getMessage()), ADVICE, e);
    }
  }

  /** Returns how the files name every special token: by its text, or as an object. */
  private Map<String, JsonNode> special() {
    Map<String, JsonNode> special = new HashMap<>();
    for (JsonNode file : List.of(config, map)) {
      NAMED.forEach(key -> put(special, file.path(key)));
      file.path("additional_special_tokens").forEach(token -> put(special, token));
    }
    return special;
  }

  private static void put(Map<String, JsonNode> special, JsonNode token) {
    if (!text(token).isEmpty()) {
      special.put(text(token), token);
    }
  }

  private static String text(JsonNode token) {
    return token.isObject() ? token.path("content").asText() : token.asText("");
  }

  private int number(String id) {
    try {
      return Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw ModelException.invalid(
          folder, "the id of an added token is '" + id + "', expected a number", ADVICE, e);
    }
  }

  /** Returns the tokens beside the model's pieces, and those of its pieces that are special. */
  public List<AddedToken> added() {
    return added;
  }

  /**
   * Returns the token that starts every text, where there is one. It need not be the model's own:
   * LLaVA-Med v1.0 starts by {@code </s>} where its base was called "llama".
   */
  public OptionalInt beginId() {
    return named("bos_token", model.beginId());
  }

  /** Returns the token that ends every answer, where there is one. */
  public OptionalInt endId() {
    return named("eos_token", model.endId());
  }

  private OptionalInt named(String key, OptionalInt own) {
    String text = text(map.path(key));
    if (text.isEmpty()) {
      text = text(config.path(key));
    }
    if (text.isEmpty()) {
      return own;
    }
    for (AddedToken token : added) {
      if (token.content().equals(text)) {
        return OptionalInt.of(token.id());
      }
    }
    OptionalInt id = model.id(text);
    if (id.isEmpty()) {
      throw ModelException.invalid(
          folder, key + " is '" + text + "', which is no token of the model", ADVICE);
    }
    return id;
  }

  /**
   * Returns the text of the tokenizer.json.
   *
   * @throws ModelException if the added tokens do not fit the model
   */
  public String tokenizerJson() {
    boolean begins = config.path("add_bos_token").asBoolean(true);
    return model.tokenizerJson(added, begins ? beginId() : OptionalInt.empty());
  }
}
