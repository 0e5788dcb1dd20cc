package org.llavamed.imaging;

import java.util.Locale;
import java.util.Optional;

/**
 * How stored values became grey values, as recorded with an annotation.
 *
 * @param rule where the mapping comes from
 * @param window the window that was applied, in units after the modality LUT; empty for colour and
 *     VOI LUTs
 */
public record Rendering(Rule rule, Optional<Window> window) {
  /** Where a mapping to grey values comes from, in the order of precedence. */
  public enum Rule {
    /** A window that was asked for. */
    REQUESTED_WINDOW,
    /** The softcopy presentation state that was asked for: its VOI, or the whole range. */
    PRESENTATION_STATE,
    /** A colour picture: no window applies. */
    COLOUR,
    /** VOI LUT Sequence (0028,3010) of the object. */
    FILE_VOI_LUT,
    /** Window Center (0028,1050) and Width (0028,1051) of the object. */
    FILE_WINDOW,
    /** A table by modality and body part. */
    BODY_PART_TABLE,
    /** Percentiles of the frame's own values. */
    PERCENTILES,
    /** The full range of Bits Stored (0028,0101): grey of 8 bits or fewer without a window. */
    FULL_RANGE,
    /** The file is no DICOM object and its pixels are shown as they are. */
    AS_IS
  }

  /**
   * A window.
   *
   * @param center Window Center, in units after the modality LUT
   * @param width Window Width, above 0
   */
  public record Window(double center, double width) {}

  /** Returns the rule in one word and its numbers, for example {@code FILE_WINDOW 40/400}. */
  public String description() {
    return window
        .map(w -> String.format(Locale.ROOT, "%s %.6g/%.6g", rule, w.center(), w.width()))
        .orElse(rule.toString());
  }
}
