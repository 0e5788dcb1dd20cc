package org.llavamed.preprocess;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.llavamed.inference.ModelException;

/** How a picture that is not square becomes one. */
public enum PictureMode {
  /** The shorter edge is brought to size and the centre is cut out: what lies outside is lost. */
  SQUARE,
  /** The shorter edge is filled up with the mean colour first, the picture in the middle. */
  PAD;

  /**
   * Returns the mode of a name as model folders write it: {@code square} or {@code pad}.
   *
   * @throws ModelException if there is no such mode
   */
  public static PictureMode named(String name) {
    for (PictureMode mode : values()) {
      if (mode.label().equals(name)) {
        return mode;
      }
    }
    throw ModelException.invalid(
        "pictureMode",
        "is '"
            + name
            + "', expected one of "
            + Arrays.stream(values()).map(PictureMode::label).collect(Collectors.joining(", ")),
        "Import the checkpoint again");
  }

  /** Returns the name as model folders write it. */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
