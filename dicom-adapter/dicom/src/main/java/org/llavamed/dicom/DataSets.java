package org.llavamed.dicom;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.llavamed.dicom.internal.ByteReader;
import org.llavamed.dicom.internal.MemorySource;
import org.llavamed.imaging.ImagingException;

/** Data sets as they travel in messages (PS3.7): without preamble and file meta information. */
public final class DataSets {
  private static final int ELEMENT_BYTES = 8;

  private DataSets() {}

  /**
   * Reads a data set that is in memory.
   *
   * @param where what messages name
   * @param bytes the data set, all that remains in the buffer
   * @param transferSyntaxUid how it is coded; not deflated
   * @throws ImagingException if it is damaged, or holds pixel data
   */
  public static DataSet read(Object where, ByteBuffer bytes, String transferSyntaxUid) {
    Encoding encoding = Encoding.of(transferSyntaxUid);
    if (encoding.deflated()) {
      throw ImagingException.unsupported(
          where, "transfer syntax " + transferSyntaxUid, "Use one that is not deflated");
    }
    Limits limits =
        new Limits(
            Limits.LIST_GROWTH * (long) bytes.remaining(), bytes.remaining() / ELEMENT_BYTES + 1L);
    DataSetParser parser =
        new DataSetParser(new ByteReader(new MemorySource(bytes)), where, limits);
    try {
      DataSet dataSet = parser.dataSet(encoding);
      if (parser.pixels() != null) {
        throw ImagingException.unsupported(
            where, "pixel data in a message", "Send the object by C-STORE");
      }
      return dataSet;
    } catch (IOException e) {
      throw ImagingException.damaged(
          where, "the data set ends early (%s)".formatted(e), "Send it again", e);
    }
  }

  /**
   * Writes a data set; the stream stays open. Text is written as it is: {@link
   * DataSet#putString(int, Vr, String...)} makes UTF-8, which Specific Character Set (0008,0005)
   * must say.
   *
   * @param transferSyntaxUid how it is coded; not deflated
   */
  public static void write(DataSet dataSet, String transferSyntaxUid, OutputStream out)
      throws IOException {
    new DataSetEncoder(out, Encoding.of(transferSyntaxUid)).write(dataSet);
  }

  /**
   * Native pixel data that is written while it is made.
   *
   * @param tag Pixel Data, Float or Double Float Pixel Data
   * @param vr value representation
   * @param length in bytes
   * @param values writes exactly these bytes, in little endian order
   */
  public record PixelStream(int tag, Vr vr, long length, Values values) {
    /** Writes the values. */
    @FunctionalInterface
    public interface Values {
      /** Writes to a stream, which stays open. */
      void writeTo(OutputStream out) throws IOException;
    }
  }

  /**
   * As {@link #write(DataSet, String, OutputStream)}, with pixel data that is not in memory.
   *
   * @param transferSyntaxUid Implicit or Explicit VR Little Endian
   * @throws ImagingException if the pixel data is longer than a length field can say
   */
  public static void write(
      DataSet dataSet, PixelStream pixels, String transferSyntaxUid, OutputStream out)
      throws IOException {
    DataSet before = new DataSet();
    DataSet after = new DataSet();
    for (int tag : dataSet.tags()) {
      boolean first = Integer.compareUnsigned(tag, pixels.tag()) < 0;
      (first ? before : after).copyFrom(dataSet, tag);
    }
    DataSetEncoder encoder = new DataSetEncoder(out, Encoding.of(transferSyntaxUid));
    encoder.write(before);
    encoder.bulk(pixels.tag(), pixels.vr(), pixels.length() + pixels.length() % 2);
    pixels.values().writeTo(out);
    if (pixels.length() % 2 != 0) {
      out.write(0);
    }
    encoder.write(after);
  }
}
