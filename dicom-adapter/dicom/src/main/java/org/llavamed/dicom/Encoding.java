package org.llavamed.dicom;

import java.nio.ByteOrder;

/**
 * How a transfer syntax codes a data set (PS3.5 annex A).
 *
 * @param explicit whether value representations are written
 * @param order byte order of numbers
 * @param deflated whether the data set is compressed as a whole
 * @param encapsulated whether pixel data is encapsulated
 */
record Encoding(boolean explicit, ByteOrder order, boolean deflated, boolean encapsulated) {
  static final Encoding IMPLICIT = new Encoding(false, ByteOrder.LITTLE_ENDIAN, false, false);
  static final Encoding EXPLICIT = new Encoding(true, ByteOrder.LITTLE_ENDIAN, false, false);
  static final Encoding BIG_ENDIAN = new Encoding(true, ByteOrder.BIG_ENDIAN, false, false);
  static final Encoding DEFLATED = new Encoding(true, ByteOrder.LITTLE_ENDIAN, true, false);
  static final Encoding ENCAPSULATED = new Encoding(true, ByteOrder.LITTLE_ENDIAN, false, true);

  /** Returns the coding of a transfer syntax; what is not known is explicit, little endian. */
  static Encoding of(String transferSyntaxUid) {
    return switch (transferSyntaxUid) {
      case Uids.ImplicitVRLittleEndian -> IMPLICIT;
      case Uids.ExplicitVRLittleEndian -> EXPLICIT;
      case Uids.ExplicitVRBigEndian -> BIG_ENDIAN;
      case Uids.DeflatedExplicitVRLittleEndian, Uids.JPIPReferencedDeflate -> DEFLATED;
      case Uids.JPIPHTJ2KReferencedDeflate -> DEFLATED;
      default -> ENCAPSULATED;
    };
  }

  boolean bigEndian() {
    return order == ByteOrder.BIG_ENDIAN;
  }
}
