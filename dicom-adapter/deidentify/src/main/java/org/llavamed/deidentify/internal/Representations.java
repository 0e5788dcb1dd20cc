package org.llavamed.deidentify.internal;

import java.util.Set;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/** Whether an attribute has a value representation that PS3.6 allows: only then it may be kept. */
final class Representations {
  /** Table values, which may be one value of 16 bits each or words. */
  private static final Set<Integer> US_OR_OW = Set.of(Tag.LUTData, Tag.GrayLookupTableData);

  private Representations() {}

  /** Returns the value representation that an attribute has in a data set. */
  static Vr found(DataSet source, int tag) {
    return source.vr(tag).flatMap(Vr::of).orElse(Vr.UN);
  }

  /** Returns whether that is one of those of PS3.6; OW may be OB and 16-bit numbers as well. */
  static boolean suits(DataSet source, int tag) {
    Vr found = found(source, tag);
    Vr known = Dictionary.vr(tag);
    if (found == known) {
      return true;
    }
    boolean signed =
        Dictionary.entry(tag).filter(Dictionary.Entry::signDependent).isPresent() && found == Vr.SS;
    return switch (known) {
      case OW -> found == Vr.OB || found == Vr.US || found == Vr.SS;
      case US -> signed || (found == Vr.OW && US_OR_OW.contains(tag));
      default -> false;
    };
  }
}
