package org.llavamed.deidentify.internal;

import java.util.EnumSet;
import java.util.Set;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/** Whether an attribute has a value representation that PS3.6 allows: only then it may be kept. */
final class Representations {
  /** Table values, which may be one value of 16 bits each or words. */
  private static final Set<Integer> US_OR_OW = Set.of(Tag.LUTData, Tag.GrayLookupTableData);

  /** Those of attributes that PS3.6 does not name yet and that an option may keep. */
  private static final Set<Vr> UNKNOWN = EnumSet.of(Vr.UI, Vr.DA, Vr.TM, Vr.DT, Vr.SQ);

  private Representations() {}

  /** Returns the value representation that an attribute has in a data set. */
  static Vr found(DataSet source, int tag) {
    return source.vr(tag).flatMap(Vr::of).orElse(Vr.UN);
  }

  /**
   * Returns whether an attribute is of the standard and of the kind that PS3.6 says. Curves and
   * overlays never stay: their meaning cannot be seen from here, and what describes them is of no
   * use without them.
   */
  static boolean isKnown(DataSet source, int tag) {
    int group = tag >>> 16;
    boolean drawn = (group & 0xFF00) == 0x5000 || (group & 0xFF00) == 0x6000;
    boolean standard = (group & 1) == 0 && group != 0x0002 && (tag & 0xFFFF) != 0;
    if (drawn || !standard || !isNamed(tag)) {
      return false;
    }
    Vr vr = found(source, tag);
    Vr known = known(source, tag);
    return vr.isText() == known.isText() && (vr == Vr.SQ) == (known == Vr.SQ) && vr != Vr.UN;
  }

  /** Table E.1-1 may be newer than our PS3.6. */
  private static boolean isNamed(int tag) {
    return Dictionary.entry(tag).isPresent() || Profile.rule(tag).isPresent();
  }

  /** Returns the value representation of PS3.6, or where that is not known the one found. */
  static Vr known(DataSet source, int tag) {
    return Dictionary.entry(tag).map(Dictionary.Entry::vr).orElseGet(() -> found(source, tag));
  }

  /** Returns whether that is one of those of PS3.6; OW may be OB and 16-bit numbers as well. */
  static boolean suits(DataSet source, int tag) {
    Vr found = found(source, tag);
    Vr known = Dictionary.vr(tag);
    if (Dictionary.entry(tag).isEmpty()) {
      return UNKNOWN.contains(found);
    }
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
