package org.llavamed.model.internal.schema;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.IntStream;
import org.llavamed.preprocess.Tokenizer;
import org.llavamed.preprocess.Vocabulary;

/** Vocabularies of the kinds that models have. Token 0 ends an answer. */
enum Vocabularies {
  /** The shipped model's. */
  TINY_VQA {
    @Override
    Vocabulary open(Path folder) {
      return read(Path.of("../../dist/models/tiny-vqa/tokenizer.json"));
    }
  },
  /** All single bytes as GPT-2 writes them, and pieces that begin or end within characters. */
  BYTE_LEVEL {
    @Override
    Vocabulary open(Path folder) throws IOException {
      Set<String> tokens = new LinkedHashSet<>(List.of("</s>"));
      IntStream.range(0, 256).forEach(b -> tokens.add(letter(b)));
      for (String piece : PIECES) {
        tokens.add(letters(piece.getBytes(StandardCharsets.UTF_8)));
      }
      byte[] scan = "\uD83E\uDE7B\u00B5".getBytes(StandardCharsets.UTF_8);
      for (int end = 2; end < scan.length; end++) {
        tokens.add(letters(java.util.Arrays.copyOfRange(scan, 1, end + 1)));
        tokens.add(letters(java.util.Arrays.copyOf(scan, end)));
      }
      return write(folder, List.copyOf(tokens), BYTE_DECODER);
    }
  },
  /** SentencePiece's: a mark for each blank, and a token for each byte. */
  PIECEWISE {
    @Override
    Vocabulary open(Path folder) throws IOException {
      Set<String> tokens = new LinkedHashSet<>(List.of("</s>"));
      IntStream.range(0, 256).forEach(b -> tokens.add(String.format(Locale.ROOT, "<0x%02X>", b)));
      IntStream.rangeClosed('!', '~').forEach(c -> tokens.add(Character.toString(c)));
      for (String piece : PIECES) {
        tokens.add(piece.replace(' ', '\u2581'));
      }
      return write(
          folder,
          List.copyOf(tokens),
          """
          {"type":"Sequence","decoders":[
            {"type":"Replace","pattern":{"String":"\u2581"},"content":" "},
            {"type":"ByteFallback"},{"type":"Fuse"},
            {"type":"Strip","content":" ","start":1,"stop":0}]}
          """);
    }
  };

  private static final String BYTE_DECODER =
      "{\"type\":\"ByteLevel\",\"add_prefix_space\":false,\"trim_offsets\":true,\"use_regex\":true}";

  private static final List<String> PIECES =
      List.of(
          " ",
          "  ",
          "    ",
          " {",
          "{\"",
          "{}",
          "\":",
          "\": ",
          "\":\"",
          "\",\"",
          "\", \"",
          "\"}",
          "\"]",
          "},",
          "}}",
          "]]",
          "[\"",
          "[[",
          " [",
          ",\"",
          ", \"",
          "\":{\"",
          "true",
          " true",
          "tru",
          "false",
          "fal",
          "null",
          "nul",
          "12",
          "-1",
          "0.",
          ".5",
          "123",
          "00",
          "1,",
          "2]",
          "3}",
          "\\\"",
          "\\u",
          "\\u0",
          "\\ud8",
          "d83e",
          "\\n",
          "\\\\",
          "\u00e9",
          "\u80ba",
          "\u7d50\u7bc0",
          "\uD83E\uDE7B",
          "a\uD83E\uDE7Bb",
          "mass",
          " mass",
          "finding",
          " is",
          "\"finding",
          "side\":",
          "left",
          "right",
          "ab",
          "abc",
          "b\",",
          "name",
          "x\":",
          "\n",
          "\t",
          "</b>");

  abstract Vocabulary open(Path folder) throws IOException;

  private static Vocabulary write(Path folder, List<String> tokens, String decoder)
      throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.putArray("added_tokens")
        .addObject()
        .put("id", 0)
        .put("content", tokens.get(0))
        .put("single_word", false)
        .put("lstrip", false)
        .put("rstrip", false)
        .put("normalized", false)
        .put("special", true);
    root.set("decoder", mapper.readTree(decoder));
    ObjectNode model = root.putObject("model").put("type", "BPE").put("byte_fallback", true);
    model.putArray("merges");
    ObjectNode vocab = model.putObject("vocab");
    for (int i = 0; i < tokens.size(); i++) {
      vocab.put(tokens.get(i), i);
    }
    Path file = folder.resolve("tokenizer.json");
    Files.writeString(file, mapper.writeValueAsString(root));
    return read(file);
  }

  /** Returns a vocabulary of the byte-level kind that has these tokens alone. */
  static Vocabulary only(Path folder, String... pieces) throws IOException {
    List<String> tokens = new ArrayList<>(List.of("</s>"));
    for (String piece : pieces) {
      tokens.add(letters(piece.getBytes(StandardCharsets.UTF_8)));
    }
    return write(folder, tokens, BYTE_DECODER);
  }

  private static Vocabulary read(Path file) {
    try (Tokenizer tokenizer = Tokenizer.open(file)) {
      return tokenizer.vocabulary();
    }
  }

  /** Writes a byte as GPT-2 does: printable ones as they are, the others from U+0100 on. */
  private static String letter(int value) {
    if (printable(value)) {
      return Character.toString(value);
    }
    int before = (int) IntStream.range(0, value).filter(b -> !printable(b)).count();
    return Character.toString(256 + before);
  }

  private static boolean printable(int value) {
    return (value >= '!' && value <= '~') || (value >= 0xA1 && value != 0xAD);
  }

  private static String letters(byte[] bytes) {
    StringBuilder letters = new StringBuilder();
    for (byte value : bytes) {
      letters.append(letter(value & 0xFF));
    }
    return letters.toString();
  }
}
