package org.llavamed.dicomweb.internal;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A media type (RFC 9110 section 8.3.1).
 *
 * @param name for example {@code application/dicom+json}, in lower case; empty where none is given
 * @param parameters values by name in lower case
 */
record MediaType(String name, Map<String, String> parameters) {
  static final String DICOM = "application/dicom";
  static final String JSON = "application/dicom+json";
  static final String XML = "application/dicom+xml";
  static final String OCTETS = "application/octet-stream";
  static final String MULTIPART = "multipart/related";

  private static final String TOKEN = "[!#$%&'*+.^_`|~0-9A-Za-z-]+";
  private static final Pattern NAME = Pattern.compile("\\s*(" + TOKEN + "/" + TOKEN + ")\\s*");

  /** Unquoted values may hold what boundaries hold, which many servers do not quote. */
  private static final Pattern PARAMETER =
      Pattern.compile(
          ";\\s*(?:(" + TOKEN + ")=(?:\"((?:[^\"\\\\]|\\\\.){0,1000})\"|([^\\s\";,]*)))?\\s*");

  MediaType {
    parameters = Collections.unmodifiableMap(parameters);
  }

  /** Returns what a header says; without a name where the header is missing or malformed. */
  static MediaType of(Optional<String> header) {
    String text = header.orElse("");
    Matcher name = NAME.matcher(text);
    Map<String, String> parameters = new LinkedHashMap<>();
    if (text.length() > 4096 || !name.lookingAt()) {
      return new MediaType("", parameters);
    }
    Matcher parameter = PARAMETER.matcher(text);
    int end = name.end();
    while (parameter.region(end, text.length()).lookingAt()) {
      String key = parameter.group(1);
      if (key != null) {
        String quoted = parameter.group(2);
        String value = quoted == null ? parameter.group(3) : quoted.replaceAll("\\\\(.)", "$1");
        parameters.putIfAbsent(key.toLowerCase(Locale.ROOT), value);
      }
      end = parameter.end();
    }
    boolean whole = end == text.length();
    return new MediaType(whole ? name.group(1).toLowerCase(Locale.ROOT) : "", parameters);
  }

  /** Returns whether the name is one of these. */
  boolean is(String... names) {
    for (String each : names) {
      if (each.equals(name)) {
        return true;
      }
    }
    return false;
  }

  String parameter(String key) {
    return parameters.getOrDefault(key, "");
  }

  /** Returns the name for people. */
  String words() {
    return name.isEmpty() ? "no media type" : name;
  }
}
