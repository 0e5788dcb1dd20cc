package org.llavamed.result.internal;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.Attributes;

/**
 * How high and how wide a pixel is, for the displayed area of a presentation state: of the first
 * attribute that the renderer takes it from.
 *
 * @param vertical above 0, in mm, or in the same unit as the other
 * @param horizontal above 0
 */
record PixelSides(double vertical, double horizontal) {
  private static final PixelSides SQUARE = new PixelSides(1, 1);

  /** Returns those of a frame; square ones where nothing usable is said. */
  static PixelSides of(Reading reading) {
    Attributes object = reading.object().attributes();
    Optional<PixelSides> measures =
        GreyTransform.holder(reading, Tag.PixelMeasuresSequence, Tag.PixelSpacing)
            .flatMap(group -> of(group.numbers(Tag.PixelSpacing)));
    return measures
        .or(
            () ->
                Stream.of(
                        Tag.ImagerPixelSpacing,
                        Tag.NominalScannedPixelSpacing,
                        Tag.PixelAspectRatio)
                    .flatMap(tag -> of(object.numbers(tag)).stream())
                    .findFirst())
        .orElse(SQUARE);
  }

  private static Optional<PixelSides> of(List<Double> sides) {
    if (sides.size() < 2) {
      return Optional.empty();
    }
    PixelSides read = new PixelSides(sides.get(0), sides.get(1));
    double ratio = read.vertical / read.horizontal;
    boolean usable = read.vertical > 0 && read.horizontal > 0 && ratio > 0;
    return Optional.of(read)
        .filter(s -> usable && Double.isFinite(s.vertical + s.horizontal))
        .filter(s -> Double.isFinite(ratio));
  }

  private boolean whole() {
    return isWhole(vertical) && isWhole(horizontal);
  }

  private static boolean isWhole(double side) {
    return side >= 1 && side <= Integer.MAX_VALUE && side == Math.rint(side);
  }

  /**
   * Puts Presentation Pixel Aspect Ratio (0070,0102), where whole numbers can say it, else
   * Presentation Pixel Spacing (0070,0101), which of a picture that is scaled to fit tells the
   * ratio alone (PS3.3 section C.10.4).
   */
  void putInto(DataSet area) {
    if (whole()) {
      area.putInts(Tag.PresentationPixelAspectRatio, Vr.IS, (long) vertical, (long) horizontal);
    } else {
      area.putDoubles(Tag.PresentationPixelSpacing, Vr.DS, vertical, horizontal);
    }
  }
}
