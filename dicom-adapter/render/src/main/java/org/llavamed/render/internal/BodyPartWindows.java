package org.llavamed.render.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** The windows of {@code ct-windows.tsv}, by body part. */
final class BodyPartWindows {
  private static final String TABLE = "ct-windows.tsv";
  private static final String ANY = "*";

  private final Map<String, GreyWindow> windows;

  BodyPartWindows() {
    try (InputStream in =
            Objects.requireNonNull(BodyPartWindows.class.getResourceAsStream(TABLE), TABLE);
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      windows =
          lines
              .lines()
              .filter(line -> !line.startsWith("#"))
              .map(line -> line.split("\t", -1))
              .collect(Collectors.toUnmodifiableMap(f -> f[0], BodyPartWindows::window));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static GreyWindow window(String[] fields) {
    return new GreyWindow(
        Double.parseDouble(fields[1]), Double.parseDouble(fields[2]), GreyWindow.Function.LINEAR);
  }

  /** Returns the window of a body part; the one for any where it is not in the table. */
  GreyWindow of(String bodyPart) {
    String key = bodyPart.toUpperCase(Locale.ROOT).replaceAll("[^A-Z]", "");
    GreyWindow any = Objects.requireNonNull(windows.get(ANY));
    return windows.getOrDefault(key, any);
  }
}
