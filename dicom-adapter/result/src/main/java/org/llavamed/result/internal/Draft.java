package org.llavamed.result.internal;

import java.util.Locale;
import java.util.Set;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.dicom.DataSet;

/**
 * An object that is complete but for its place in the series and its UID.
 *
 * @param format what it is
 * @param object its attributes
 */
record Draft(Format format, DataSet object) {
  /** Formats of which one annotation may make several objects. */
  private static final Set<Format> SEVERAL = Set.of(Format.SC, Format.GSPS, Format.MFSC);

  /**
   * Returns the end of its file's name, for example {@code sr.dcm}: of several objects, and of a
   * revision, with its Instance Number, so that no revision overwrites what it revises.
   */
  String kind(Place place) {
    String name = format.name().toLowerCase(Locale.ROOT);
    boolean numbered = SEVERAL.contains(format) || place.number() > 1;
    return name + (numbered ? "%03d".formatted(place.number()) : "") + ".dcm";
  }
}
