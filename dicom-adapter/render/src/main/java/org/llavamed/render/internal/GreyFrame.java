package org.llavamed.render.internal;

import java.util.Optional;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/**
 * A grey frame on its way to a picture.
 *
 * @param attributes of the frame
 * @param description the Image Pixel attributes
 * @param type type of a stored value
 * @param values the stored values
 * @param padding which of them are no picture
 * @param palette colours of its higher values, where there are any
 * @param modality what they mean
 */
record GreyFrame(
    FrameAttributes attributes,
    PixelDescription description,
    SampleType type,
    GreyValues values,
    Padding padding,
    Optional<Palette> palette,
    ModalityTransform modality) {

  /**
   * Reads a frame.
   *
   * @param modality attributes that hold its modality LUT: its own, or a presentation state's
   */
  static GreyFrame of(
      FrameAttributes attributes,
      PixelDescription description,
      StoredFrame frame,
      FrameAttributes modality) {
    return new GreyFrame(
        attributes,
        description,
        frame.type(),
        GreyValues.of(frame),
        Padding.of(attributes.object(), frame.type()),
        Palette.supplemental(attributes, description),
        ModalityTransform.of(modality, description.signed()));
  }

  /**
   * Returns whether a stored value stands for a colour, from the first that the palette maps on.
   */
  boolean coloured(double stored) {
    return palette.isPresent()
        && stored >= palette.get().red().first()
        && !padding.contains(stored);
  }

  /** Returns percentiles of the grey values. */
  double[] percentiles(double... fractions) {
    return values.percentiles(stored -> padding.contains(stored) || coloured(stored), fractions);
  }

  /** Returns whether Bits Stored bound the values: whole numbers of at most 16 bits. */
  boolean bounded() {
    return type.bytes() <= Short.BYTES;
  }

  /** Returns the window of everything that Bits Stored and the modality LUT allow. */
  GreyWindow range() {
    LookupTable table = modality.table();
    if (table != null) {
      return GreyWindow.between(0, (1 << table.bits()) - 1.0);
    }
    if (!bounded()) {
      return window(percentiles(0, 1));
    }
    int count = 1 << description.bitsStored();
    int least = description.signed() ? -count / 2 : 0;
    return between(least, least + count - 1.0);
  }

  /** Returns the window from one stored value to another; any where these are no numbers. */
  GreyWindow window(double[] range) {
    return Double.isNaN(range[0]) ? GreyWindow.between(0, 1) : between(range[0], range[1]);
  }

  private GreyWindow between(double least, double most) {
    double a = modality.apply(least);
    double b = modality.apply(most);
    return GreyWindow.between(Math.min(a, b), Math.max(a, b));
  }
}
