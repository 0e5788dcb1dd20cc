package org.llavamed.preprocess;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
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
    this.model = SentencePieceModel.read(folder.resolve("tokenizer.model"));
    this.config = optional("tokenizer_config.json");
    this.map = optional("special_tokens_map.json");
    JsonNode decoder = config.path("added_tokens_decoder");
    this.added = decoder.isObject() ? described(decoder) : undescribed();
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

  private List<AddedToken> described(JsonNode decoder) {
    List<AddedToken> tokens = new ArrayList<>();
    decoder
        .properties()
        .forEach(
            entry -> {
              JsonNode token = entry.getValue();
              boolean special = token.path("special").asBoolean();
              String content = token.path("content").asText();
              tokens.add(added(number(entry.getKey()), content, special, token));
            });
    return sorted(tokens);
  }

  private List<AddedToken> undescribed() {
    Map<String, JsonNode> special = special();
    List<AddedToken> tokens = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    optional("added_tokens.json")
        .properties()
        .forEach(
            entry -> {
              String text = entry.getKey();
              seen.add(text);
              JsonNode form = special.getOrDefault(text, entry.getValue());
              tokens.add(added(number(entry.getValue().asText()), text, true, form));
            });
    special.forEach(
        (text, form) -> {
          OptionalInt id = model.id(text);
          if (id.isPresent() && seen.add(text)) {
            tokens.add(added(id.getAsInt(), text, true, form));
          }
        });
    return sorted(tokens);
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

  private AddedToken added(int id, String content, boolean special, JsonNode form) {
    try {
      boolean plain = !form.isObject();
      return new AddedToken(
          id,
          content,
          special,
          plain || form.path("lstrip").asBoolean(),
          plain || form.path("rstrip").asBoolean());
    } catch (IllegalArgumentException e) {
      throw ModelException.invalid(folder, String.valueOf(e.getMessage()), ADVICE, e);
    }
  }

  private int number(String id) {
    try {
      return Integer.parseInt(id);
    } catch (NumberFormatException e) {
      throw ModelException.invalid(
          folder, "the id of an added token is '" + id + "', expected a number", ADVICE, e);
    }
  }

  private static List<AddedToken> sorted(List<AddedToken> tokens) {
    return tokens.stream().sorted(Comparator.comparingInt(AddedToken::id)).toList();
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
    return model.tokenizerJson(added, beginId());
  }

  /** Returns whether a folder has a tokenizer.model. */
  public static boolean isIn(Path folder) {
    return Files.isRegularFile(folder.resolve("tokenizer.model"));
  }
}
