package org.llavamed.deidentify.internal;

import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Vr;

/** Values that stand for what was removed, one rule for each value representation. */
final class Dummies {
  /** What stands for text. */
  static final String TEXT = "REMOVED";

  private Dummies() {}

  /** Puts a value that says nothing. */
  static void put(DataSet target, int tag, Vr vr) {
    switch (vr) {
      case AE, CS, LO, LT, PN, SH, ST, UC, UT -> target.putString(tag, vr, TEXT);
      case AS -> target.putString(tag, vr, "000D");
      case DA -> target.putString(tag, vr, "19000101");
      case TM -> target.putString(tag, vr, "000000");
      case DT -> target.putString(tag, vr, "19000101000000");
      case DS, IS -> target.putString(tag, vr, "0");
      case UR -> target.putString(tag, vr, "about:blank");
      case UI -> target.putString(tag, vr, "2.25.0");
      case SQ -> target.putItems(tag);
      default -> target.putBytes(tag, vr, new byte[Math.max(2, vr.size())]);
    }
  }
}
