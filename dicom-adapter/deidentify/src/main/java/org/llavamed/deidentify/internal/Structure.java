package org.llavamed.deidentify.internal;

import java.util.Arrays;
import java.util.Set;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/** What holds a dummy sequence together and says nothing about a patient. */
final class Structure {
  private static final Set<Integer> TERMS =
      Set.of(
          Tag.ValueType,
          Tag.RelationshipType,
          Tag.ContinuityOfContent,
          Tag.TemporalRangeType,
          Tag.MappingResource,
          Tag.GraphicType,
          Tag.GraphicFilled,
          Tag.GraphicAnnotationUnits,
          Tag.BoundingBoxAnnotationUnits,
          Tag.AnchorPointAnnotationUnits,
          Tag.AnchorPointVisibility,
          Tag.BoundingBoxTextHorizontalJustification,
          Tag.CompoundGraphicUnits,
          Tag.PixelOriginInterpretation);

  private Structure() {}

  /** Returns whether an attribute stays where all others become dummies. */
  static boolean keeps(int tag, Vr vr) {
    return TERMS.contains(tag)
        || switch (vr) {
          case US, SS, UL, SL, AT -> true;
          default -> false;
        };
  }

  /** Puts a dummy for an attribute; fractions become as many zeros as there were. */
  static void blank(DataSet source, int tag, DataSet target) {
    Vr vr = source.vr(tag).flatMap(Vr::of).orElse(Vr.UN);
    int values = source.strings(tag).size();
    switch (vr) {
      case FL, FD -> target.putDoubles(tag, vr, new double[values]);
      case DS, IS -> {
        String[] zeros = new String[values];
        Arrays.fill(zeros, "0");
        target.putString(tag, vr, zeros);
      }
      default -> {
        if (source.bytes(tag).hasRemaining()) {
          Dummies.put(target, tag, vr);
        } else {
          target.putEmpty(tag, vr);
        }
      }
    }
  }
}
