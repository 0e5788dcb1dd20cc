package org.llavamed.importer.internal;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.llavamed.checkpoint.Json;

/**
 * A tokenizer that reads text byte by byte; the rest of its vocabulary are names that no text
 * gives.
 */
final class RandomTokenizer {
  /** Token that begins a prompt. */
  static final int BEGIN = 1;

  /** Token that ends an answer. */
  static final int END = 2;

  private static final String[] SPECIAL = {"<unk>", "<s>", "</s>", "<image>"};

  private RandomTokenizer() {}

  /** Returns tokenizer.json with that many tokens, at least 260. */
  static ObjectNode tokenizer(int vocabulary) {
    ObjectNode tokenizer = Json.object();
    tokenizer.put("version", "1.0");
    tokenizer.putNull("truncation");
    tokenizer.putNull("padding");
    ArrayNode added = tokenizer.putArray("added_tokens");
    for (int id = 0; id < SPECIAL.length; id++) {
      added(added.addObject(), id);
    }
    tokenizer.putNull("normalizer");
    byteLevel(tokenizer.putObject("pre_tokenizer"));
    tokenizer.putNull("post_processor");
    byteLevel(tokenizer.putObject("decoder"));
    ObjectNode model = tokenizer.putObject("model");
    model.put("type", "BPE");
    model.put("unk_token", SPECIAL[0]);
    model.put("byte_fallback", false);
    vocabulary(model.putObject("vocab"), vocabulary);
    model.putArray("merges");
    return tokenizer;
  }

  /** Returns tokenizer_config.json. */
  static ObjectNode configuration() {
    ObjectNode configuration = Json.object();
    configuration.put("tokenizer_class", "PreTrainedTokenizerFast");
    configuration.put("unk_token", SPECIAL[0]);
    configuration.put("bos_token", SPECIAL[BEGIN]);
    configuration.put("eos_token", SPECIAL[END]);
    configuration.put("clean_up_tokenization_spaces", false);
    return configuration;
  }

  private static void added(ObjectNode token, int id) {
    token.put("id", id);
    token.put("content", SPECIAL[id]);
    token.put("single_word", false);
    token.put("lstrip", false);
    token.put("rstrip", false);
    token.put("normalized", false);
    token.put("special", true);
  }

  private static void byteLevel(ObjectNode part) {
    part.put("type", "ByteLevel");
    part.put("add_prefix_space", false);
    part.put("trim_offsets", true);
    part.put("use_regex", false);
  }

  private static void vocabulary(ObjectNode vocabulary, int size) {
    for (int id = 0; id < SPECIAL.length; id++) {
      vocabulary.put(SPECIAL[id], id);
    }
    int further = 256;
    for (int b = 0; b < 256; b++) {
      int shown = isShown(b) ? b : further++;
      vocabulary.put(Character.toString(shown), SPECIAL.length + b);
    }
    for (int id = SPECIAL.length + 256; id < size; id++) {
      vocabulary.put("<extra_" + id + ">", id);
    }
  }

  /** Bytes that byte-level tokenizers write as the character of that number; the others follow. */
  private static boolean isShown(int b) {
    return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
  }
}
