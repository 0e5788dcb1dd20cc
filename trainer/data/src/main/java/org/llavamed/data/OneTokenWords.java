package org.llavamed.data;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.llavamed.preprocess.Tokenizer;

/** Words that a tokenizer makes one token of, behind a blank. */
public final class OneTokenWords {
  private static final Pattern WORD = Pattern.compile("[a-z]{4,}");

  private OneTokenWords() {}

  /**
   * Returns the words of four letters or more, in the order of their ids; those of byte-pair
   * tokenizers get rarer with their ids.
   */
  public static List<String> of(Tokenizer tokenizer) {
    Set<String> words = new LinkedHashSet<>();
    int size = tokenizer.vocabulary().size();
    List<Integer> before = tokenizer.encode("is");
    for (int id = 0; id < size; id++) {
      String word = tokenizer.decode(List.of(id)).strip();
      if (WORD.matcher(word).matches()) {
        List<Integer> ids = tokenizer.encode("is " + word);
        if (ids.size() == before.size() + 1 && ids.get(before.size()) == id) {
          words.add(word);
        }
      }
    }
    return List.copyOf(words);
  }
}
