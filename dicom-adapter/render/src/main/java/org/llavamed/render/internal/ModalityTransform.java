package org.llavamed.render.internal;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.Attributes;

/**
 * Stored values to values of the modality (PS3.3 C.11.1): Modality LUT Sequence (0028,3000), else
 * Rescale Slope and Intercept, else nothing.
 *
 * @param slope output for each step of a stored value
 * @param intercept output for the stored value 0
 * @param table the table that takes the place of slope and intercept, where there is one
 * @param hounsfield whether the output is in Hounsfield units, as far as a CT object says
 */
record ModalityTransform(
    double slope, double intercept, @Nullable LookupTable table, boolean hounsfield) {
  private static final int MODALITY_LUT_SEQUENCE = 0x00283000;
  private static final int PIXEL_VALUE_TRANSFORMATION_SEQUENCE = 0x00289145;
  private static final int RESCALE_INTERCEPT = 0x00281052;
  private static final int RESCALE_SLOPE = 0x00281053;
  private static final int RESCALE_TYPE = 0x00281054;

  static ModalityTransform of(FrameAttributes frame, boolean signed) {
    Optional<LookupTable> table =
        LookupTable.first(frame.where(), frame.object(), MODALITY_LUT_SEQUENCE, signed);
    if (table.isPresent()) {
      return new ModalityTransform(1, 0, table.get(), false);
    }
    Optional<Attributes> rescale =
        frame.holder(PIXEL_VALUE_TRANSFORMATION_SEQUENCE, RESCALE_INTERCEPT);
    if (rescale.isEmpty()) {
      return new ModalityTransform(1, 0, null, false);
    }
    Attributes a = rescale.get();
    double slope = a.number(RESCALE_SLOPE).orElse(1);
    double intercept = a.number(RESCALE_INTERCEPT).orElse(0);
    boolean usable = Double.isFinite(slope) && slope != 0 && Double.isFinite(intercept);
    return usable
        ? new ModalityTransform(
            slope, intercept, null, a.string(RESCALE_TYPE).orElse("HU").equals("HU"))
        : new ModalityTransform(1, 0, null, false);
  }

  /** Returns the value of the modality. */
  double apply(double stored) {
    return table != null ? table.entry((int) stored) : stored * slope + intercept;
  }
}
