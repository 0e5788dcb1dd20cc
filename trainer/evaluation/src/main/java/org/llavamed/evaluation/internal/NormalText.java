package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The normalisation of answers that the published scores rest on, its peculiarities included: a
 * mark is deleted or becomes a blank by what stands beside it anywhere in the text, only the first
 * {@value #MOST_STOPS} full stops are deleted, and applying it twice is not the same as once.
 */
final class NormalText {
  /** A flag that was passed where a count is expected. */
  private static final int MOST_STOPS = 32;

  private static final Pattern NUMBER_WITH_COMMA = Pattern.compile("\\p{Nd},\\p{Nd}");
  private static final Pattern STOP = Pattern.compile("\\.(?!\\p{Nd})");

  /** What Python's {@code str.split} splits at. */
  private static final Pattern BLANKS =
      Pattern.compile(
          "[\\s\\x1c-\\x1f\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+");

  private static final Tables TABLES = tables();

  private NormalText() {}

  /** The tables, by the names that they have in the file. */
  private record Tables(
      Map<String, String> manual_map,
      Set<String> articles,
      List<String> punctuation,
      Map<String, String> contractions) {}

  private static Tables tables() {
    String name = "vqa-normalisation.json";
    try (InputStream in = NormalText.class.getResourceAsStream(name)) {
      return JsonMapper.builder().build().readValue(Objects.requireNonNull(in, name), Tables.class);
    } catch (IOException e) {
      throw new IllegalStateException(name + " of this bundle is damaged; build it again", e);
    }
  }

  /** Returns a text in lower case, normalised. */
  static String of(String text) {
    return normalize(text.toLowerCase(Locale.ROOT));
  }

  /** Returns a text normalised, which is in lower case. */
  static String normalize(String text) {
    return words(withoutStops(withoutMarks(text)))
        .map(word -> TABLES.manual_map().getOrDefault(word, word))
        .filter(word -> !TABLES.articles().contains(word))
        .map(word -> TABLES.contractions().getOrDefault(word, word))
        .collect(Collectors.joining(" "))
        .replace(",", "");
  }

  /** Returns the words of a text, split at blanks of any kind. */
  static Stream<String> words(String text) {
    return BLANKS.splitAsStream(text).filter(word -> !word.isEmpty());
  }

  private static String withoutMarks(String text) {
    boolean number = NUMBER_WITH_COMMA.matcher(text).find();
    String result = text;
    for (String mark : TABLES.punctuation()) {
      boolean besideBlank = text.contains(mark + " ") || text.contains(" " + mark);
      result = result.replace(mark, besideBlank || number ? "" : " ");
    }
    return result;
  }

  private static String withoutStops(String text) {
    Matcher stops = STOP.matcher(text);
    var result = new StringBuilder();
    for (int i = 0; i < MOST_STOPS && stops.find(); i++) {
      stops.appendReplacement(result, "");
    }
    return stops.appendTail(result).toString();
  }
}
