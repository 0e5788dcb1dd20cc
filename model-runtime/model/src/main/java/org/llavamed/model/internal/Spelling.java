package org.llavamed.model.internal;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Writes and reads the constants of an enum as the configuration does: {@code int8+int4}. */
final class Spelling {
  private Spelling() {}

  static String of(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT).replace("_and_", "+");
  }

  /**
   * Returns the constant that a configuration value names.
   *
   * @throws IllegalArgumentException if none is named so
   */
  static <E extends Enum<E>> E read(String key, String text, E[] values) {
    List<String> names = Arrays.stream(values).map(Spelling::of).toList();
    int index = names.indexOf(text.strip().toLowerCase(Locale.ROOT));
    if (index < 0) {
      throw new IllegalArgumentException(
          "%s is '%s', expected one of %s; set it in conf/org.llavamed.model.cfg"
              .formatted(key, text, String.join(", ", names)));
    }
    return values[index];
  }
}
