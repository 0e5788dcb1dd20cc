package org.llavamed.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A search (PS3.18 section 8.3.4).
 *
 * @param level what to find
 * @param match values by attribute: a keyword, a tag of eight hexadecimal digits, or several of
 *     these joined by dots for attributes in sequences; with the wildcards and ranges of PS3.4
 *     section C.2.2.2
 * @param include attributes to be returned beside the usual ones, named in the same way; {@code
 *     all} for all
 * @param fuzzy whether names may match by their sound
 * @param limit most matches; 0 for all
 * @param offset matches to be left out at the beginning
 */
public record WebQuery(
    Level level,
    Map<String, String> match,
    List<String> include,
    boolean fuzzy,
    long limit,
    long offset) {
  /** What a search finds. */
  public enum Level {
    /** Studies. */
    STUDY,
    /** Series. */
    SERIES,
    /** Instances. */
    INSTANCE
  }

  public WebQuery {
    match = Collections.unmodifiableMap(new LinkedHashMap<>(match));
    include = List.copyOf(include);
    if (limit < 0 || offset < 0) {
      throw new IllegalArgumentException(
          "limit is %d and offset %d, expected 0 or more".formatted(limit, offset));
    }
  }

  /** Returns a search for everything that matches. */
  public static WebQuery of(Level level, Map<String, String> match) {
    return new WebQuery(level, match, List.of(), false, 0, 0);
  }
}
