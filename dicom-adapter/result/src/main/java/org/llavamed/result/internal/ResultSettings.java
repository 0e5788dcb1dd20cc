package org.llavamed.result.internal;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import org.llavamed.annotation.ResultWriter.Format;

/**
 * The validated configuration.
 *
 * @param datesFromClock whether objects bear the time at which they are written
 * @param formats what is written where nothing is asked for, at least one
 * @param captures how the pictures of captures are stored
 */
record ResultSettings(boolean datesFromClock, Set<Format> formats, CaptureSyntax captures) {
  ResultSettings {
    formats = Set.copyOf(formats);
  }

  static ResultSettings of(ResultConfig config) {
    Set<Format> formats = EnumSet.noneOf(Format.class);
    for (String name : config.formats().split(",", -1)) {
      formats.add(format(name.strip()));
    }
    return new ResultSettings(
        config.datesFromClock(), formats, CaptureSyntax.of(config.captureTransferSyntax()));
  }

  private static Format format(String name) {
    for (Format format : Format.values()) {
      if (format.name().equalsIgnoreCase(name)) {
        return format;
      }
    }
    throw new IllegalArgumentException(
        "formats in the configuration %s holds '%s', expected names of %s separated by commas"
            .formatted(
                DicomResultWriter.PID,
                name,
                EnumSet.allOf(Format.class).toString().toLowerCase(Locale.ROOT)));
  }
}
