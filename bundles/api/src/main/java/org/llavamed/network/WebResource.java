package org.llavamed.network;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A study, a series of it or an instance of that (PS3.18 section 10.1.1).
 *
 * @param study Study Instance UID
 * @param series Series Instance UID; empty for all
 * @param instance SOP Instance UID; empty for all
 */
public record WebResource(String study, Optional<String> series, Optional<String> instance) {
  private static final Pattern UID = Pattern.compile("[0-9.]{1,64}");

  public WebResource {
    check("Study Instance UID", study);
    series.ifPresent(uid -> check("Series Instance UID", uid));
    instance.ifPresent(uid -> check("SOP Instance UID", uid));
    if (instance.isPresent() && series.isEmpty()) {
      throw new IllegalArgumentException("an instance is named without its series; name both");
    }
  }

  private static void check(String name, String uid) {
    if (!UID.matcher(uid).matches()) {
      throw new IllegalArgumentException(
          "%s is '%s', expected 1 to 64 digits and dots".formatted(name, uid));
    }
  }

  /** Returns an instance. */
  public static WebResource instance(String study, String series, String instance) {
    return new WebResource(study, Optional.of(series), Optional.of(instance));
  }

  /** Returns the path below the base, beginning with a slash. */
  public String path() {
    return "/studies/"
        + study
        + series.map(uid -> "/series/" + uid).orElse("")
        + instance.map(uid -> "/instances/" + uid).orElse("");
  }
}
