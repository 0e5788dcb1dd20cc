package org.llavamed.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.llavamed.dicom.internal.ByteReader;

/** Tells the coding of a data set by its first element. */
final class Recognition {
  private static final int HEADER = 8;
  private static final int HIGHEST_FIRST_GROUP = 0x0020;

  private Recognition() {}

  /**
   * A transfer syntax and the coding that holds, which may differ where the file is wrong.
   *
   * @param uid as declared, or as recognised
   * @param encoding how the data set is coded
   */
  record Syntax(String uid, Encoding encoding) {}

  /**
   * Returns the transfer syntax of the data set at the position.
   *
   * @param declared Transfer Syntax UID (0002,0010); empty where there is none
   */
  static Syntax syntax(ByteReader in, String declared) throws IOException {
    Encoding encoding = Encoding.of(declared.isEmpty() ? Uids.ExplicitVRLittleEndian : declared);
    if (in.remaining() < HEADER) {
      return new Syntax(declared.isEmpty() ? Uids.ExplicitVRLittleEndian : declared, encoding);
    }
    long start = in.position();
    ByteBuffer header = ByteBuffer.wrap(in.take(HEADER));
    long left = in.remaining();
    in.seek(start);
    boolean letters = Vr.of(header.get(4) & 0xFF, header.get(5) & 0xFF) != null;
    if (declared.isEmpty()) {
      return letters ? explicit(header) : implicit();
    }
    long implicitLength = header.order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xFFFFFFFFL;
    if (!encoding.explicit() && letters && implicitLength > left) {
      return explicit(header);
    }
    boolean implicit = !letters && !encoding.bigEndian() && implicitLength <= left;
    if (encoding.explicit() && implicit) {
      return encoding.encapsulated() ? new Syntax(declared, Encoding.IMPLICIT) : implicit();
    }
    return new Syntax(declared, encoding);
  }

  private static Syntax implicit() {
    return new Syntax(Uids.ImplicitVRLittleEndian, Encoding.IMPLICIT);
  }

  private static Syntax explicit(ByteBuffer header) {
    boolean big =
        !isKnown(tag(header, ByteOrder.LITTLE_ENDIAN))
            && isKnown(tag(header, ByteOrder.BIG_ENDIAN));
    return big
        ? new Syntax(Uids.ExplicitVRBigEndian, Encoding.BIG_ENDIAN)
        : new Syntax(Uids.ExplicitVRLittleEndian, Encoding.EXPLICIT);
  }

  /** Returns whether bytes without a preamble begin with an element that can be the first one. */
  static boolean isDataSet(byte[] start, long size) {
    if (start.length < HEADER) {
      return false;
    }
    ByteBuffer header = ByteBuffer.wrap(start);
    boolean letters = Vr.of(start[4] & 0xFF, start[5] & 0xFF) != null;
    int little = tag(header, ByteOrder.LITTLE_ENDIAN);
    if (isFirst(little)) {
      long length = header.order(ByteOrder.LITTLE_ENDIAN).getInt(4) & 0xFFFFFFFFL;
      return letters || length <= size - HEADER;
    }
    return letters && isFirst(tag(header, ByteOrder.BIG_ENDIAN));
  }

  private static int tag(ByteBuffer header, ByteOrder order) {
    header.order(order);
    return header.getShort(0) << 16 | (header.getShort(2) & 0xFFFF);
  }

  private static boolean isFirst(int tag) {
    int group = tag >>> 16;
    return group >= 2 && group <= HIGHEST_FIRST_GROUP && isKnown(tag);
  }

  private static boolean isKnown(int tag) {
    return Dictionary.entry(tag).isPresent() || (tag != 0 && (tag & 0xFFFF) == 0);
  }
}
