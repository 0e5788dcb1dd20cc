package org.llavamed.preprocess;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Token ids as the original code of LLaVA-Med makes them, by the SentencePiece library: what stands
 * between tokens of their own is encoded each on its own.
 */
final class OriginalRule {
  private final Reference library;
  private final Map<String, Integer> own;
  private final boolean strips;

  /**
   * Takes the tokens.
   *
   * @param own ids of the tokens that a text names
   * @param strips whether white space around them goes, as in transformers of March 2023, which
   *     v1.0 used
   */
  OriginalRule(Reference library, Map<String, Integer> own, boolean strips) {
    this.library = library;
    this.own = own;
    this.strips = strips;
  }

  /** v1.5's tokenizer_image_token: chunks between pictures, each with its own start, but one. */
  List<Integer> withPictures(String prompt, int begin, int picture, int positions) {
    List<Integer> ids = new ArrayList<>(List.of(begin));
    String[] chunks = prompt.split("<image>", -1);
    for (int i = 0; i < chunks.length; i++) {
      if (i > 0) {
        for (int n = 0; n < positions; n++) {
          ids.add(picture);
        }
      }
      ids.addAll(text(chunks[i]));
    }
    return ids;
  }

  /** A text without its start. */
  List<Integer> text(String text) {
    String names = own.keySet().stream().map(Pattern::quote).collect(Collectors.joining("|"));
    String[] parts = text.split("(?<=" + names + ")|(?=" + names + ")", -1);
    List<Integer> ids = new ArrayList<>();
    for (int i = 0; i < parts.length; i++) {
      String part = parts[i];
      if (own.containsKey(part)) {
        ids.add(own.get(part));
        continue;
      }
      if (strips && i > 0) {
        part = part.stripLeading();
      }
      if (strips && i + 1 < parts.length) {
        part = part.stripTrailing();
      }
      ids.addAll(part.isEmpty() ? List.of() : library.encode(part));
    }
    return ids;
  }
}
