package org.llavamed.preprocess.internal;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * How the texts of tokens become the bytes of a text, by the {@code decoder} of a tokenizer.json:
 * GPT-2's byte level, or SentencePiece's pieces with byte fallback.
 */
public final class TokenDecoding {
  private static final String BYTE_LEVEL = "ByteLevel";
  private static final String BLANK = "\u2581";
  private static final int BYTES = 256;

  /** Longest text that a replacement writes. */
  private static final int LONGEST = 4;

  /** GPT-2's table: the byte of a character that stands for one, else -1. */
  private static final int[] BYTE_OF = byteLevel();

  private final boolean byteLevel;
  private final boolean byteFallback;
  private final List<Replacement> replacements;

  private record Replacement(String from, String to) {}

  private TokenDecoding(boolean byteLevel, boolean byteFallback, List<Replacement> replacements) {
    this.byteLevel = byteLevel;
    this.byteFallback = byteFallback;
    this.replacements = List.copyOf(replacements);
  }

  /** Returns the decoding that a decoder asks for; empty where it is of another family. */
  public static Optional<TokenDecoding> of(JsonNode decoder) {
    List<JsonNode> steps = new ArrayList<>();
    if (decoder.path("type").asText().equals("Sequence")) {
      decoder.path("decoders").forEach(steps::add);
    } else {
      steps.add(decoder);
    }
    if (steps.size() == 1 && type(steps.get(0)).equals(BYTE_LEVEL)) {
      return Optional.of(new TokenDecoding(true, false, List.of()));
    }
    return pieces(steps);
  }

  /** Replacements, byte fallback, then what only concerns the ends of the whole text. */
  private static Optional<TokenDecoding> pieces(List<JsonNode> steps) {
    List<Replacement> replacements = new ArrayList<>();
    boolean fallback = false;
    boolean fused = false;
    for (JsonNode step : steps) {
      String type = type(step);
      Optional<Replacement> replacement = replacement(step);
      if (replacement.isPresent() && !fallback && !fused) {
        replacements.add(replacement.get());
      } else if (type.equals("ByteFallback") && !fused) {
        fallback = true;
      } else if (type.equals("Fuse")) {
        fused = true;
      } else if (!type.equals("Strip") || !fused || step.path("stop").asInt() != 0) {
        return Optional.empty();
      }
    }
    return replacements.isEmpty()
        ? Optional.empty()
        : Optional.of(new TokenDecoding(false, fallback, replacements));
  }

  private static Optional<Replacement> replacement(JsonNode step) {
    boolean metaspace = type(step).equals("Metaspace");
    if (!metaspace && !type(step).equals("Replace")) {
      return Optional.empty();
    }
    String from = metaspace ? step.path("replacement").asText(BLANK) : text(step, "pattern");
    String to = metaspace ? " " : step.path("content").asText();
    return from.isEmpty() || to.length() > LONGEST
        ? Optional.empty()
        : Optional.of(new Replacement(from, to));
  }

  private static String text(JsonNode step, String key) {
    return step.path(key).path("String").asText();
  }

  private static String type(JsonNode step) {
    return step.path("type").asText();
  }

  /** Returns whether tokens are made of bytes, so that any of them may end inside a character. */
  public boolean isByteLevel() {
    return byteLevel;
  }

  /** Returns whether the text of a token, such as {@code <0x0A>}, stands for one byte. */
  public boolean isByte(String token) {
    return byteFallback
        && token.length() == 6
        && token.startsWith("<0x")
        && token.endsWith(">")
        && HexFormat.isHexDigit(token.charAt(3))
        && HexFormat.isHexDigit(token.charAt(4));
  }

  /** Returns the bytes that a token stands for inside a text. */
  public byte[] bytes(String token) {
    if (byteLevel) {
      return byteLevel(token);
    }
    String text = token;
    for (Replacement replacement : replacements) {
      text = text.replace(replacement.from(), replacement.to());
    }
    return isByte(text)
        ? HexFormat.of().parseHex(text, 3, 5)
        : text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] byteLevel(String token) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(token.length());
    for (int i = 0; i < token.length(); i++) {
      char c = token.charAt(i);
      if (c >= BYTE_OF.length || BYTE_OF[c] < 0) {
        return token.getBytes(StandardCharsets.UTF_8); // an added token, written as it is
      }
      bytes.write(BYTE_OF[c]);
    }
    return bytes.toByteArray();
  }

  /** Visible characters stand for themselves, the other bytes for U+0100 and what follows. */
  private static int[] byteLevel() {
    int[] byteOf = new int[2 * BYTES];
    Arrays.fill(byteOf, -1);
    int next = BYTES;
    for (int b = 0; b < BYTES; b++) {
      boolean visible = (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
      byteOf[visible ? b : next++] = b;
    }
    return byteOf;
  }
}
