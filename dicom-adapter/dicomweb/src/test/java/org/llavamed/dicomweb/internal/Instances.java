package org.llavamed.dicomweb.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;

/** Small objects of one made-up patient. */
final class Instances {
  static final String STUDY = "1.2.826.0.1.3680043.10.99.1";
  static final String SERIES = STUDY + ".1";

  private Instances() {}

  /** Returns the SOP Instance UID of an object. */
  static String uid(int number) {
    return SERIES + "." + number;
  }

  /**
   * Returns an object of 8-bit grey frames of 16 x 12 pixels, each value of its place and frame.
   */
  static DataSet frames(int number, int frames) {
    byte[] pixels = new byte[frames * 192];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (i * 7 + i / 192);
    }
    return head(number)
        .putInts(Tag.NumberOfFrames, Vr.IS, frames)
        .putInts(Tag.SamplesPerPixel, Vr.US, 1)
        .putString(Tag.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
        .putInts(Tag.Rows, Vr.US, 12)
        .putInts(Tag.Columns, Vr.US, 16)
        .putInts(Tag.BitsAllocated, Vr.US, 8)
        .putInts(Tag.BitsStored, Vr.US, 8)
        .putInts(Tag.HighBit, Vr.US, 7)
        .putInts(Tag.PixelRepresentation, Vr.US, 0)
        .putBytes(Tag.PixelData, Vr.OB, pixels);
  }

  private static DataSet head(int number) {
    return new DataSet()
        .putString(Tag.SpecificCharacterSet, Vr.CS, "ISO_IR 192")
        .putString(Tag.SOPClassUID, Vr.UI, Uids.MultiFrameGrayscaleByteSecondaryCaptureImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, uid(number))
        .putString(Tag.StudyDate, Vr.DA, "20200229")
        .putString(Tag.StudyTime, Vr.TM, "101112")
        .putString(Tag.AccessionNumber, Vr.SH, "A1")
        .putString(Tag.Modality, Vr.CS, "OT")
        .putString(Tag.ReferringPhysicianName, Vr.PN, "")
        .putString(Tag.PatientName, Vr.PN, "M\u00fcller^J\u00f6rg")
        .putString(Tag.PatientID, Vr.LO, "P1")
        .putString(Tag.PatientBirthDate, Vr.DA, "")
        .putString(Tag.PatientSex, Vr.CS, "O")
        .putString(Tag.StudyInstanceUID, Vr.UI, STUDY)
        .putString(Tag.SeriesInstanceUID, Vr.UI, SERIES)
        .putString(Tag.StudyID, Vr.SH, "1")
        .putInts(Tag.SeriesNumber, Vr.IS, 1)
        .putInts(Tag.InstanceNumber, Vr.IS, number);
  }

  static Path write(DataSet dataSet, Path file) {
    Part10Writer.write(dataSet, Uids.ExplicitVRLittleEndian, file);
    return file;
  }

  /** Returns the bytes of a file before its pixels, with a pixel element of this length. */
  static byte[] start(Path folder, long pixelBytes) throws IOException {
    DataSet head = head(1).putBytes(Tag.PixelData, Vr.OB, new byte[2]);
    byte[] bytes = Files.readAllBytes(write(head, folder.resolve("head")));
    byte[] start = Arrays.copyOf(bytes, bytes.length - 2);
    ByteBuffer.wrap(start)
        .order(ByteOrder.LITTLE_ENDIAN)
        .putInt(start.length - 4, (int) pixelBytes);
    return start;
  }

  /** Writes so many zero bytes. */
  static void zeros(OutputStream out, long count) throws IOException {
    byte[] piece = new byte[1 << 16];
    BufferedOutputStream buffered = new BufferedOutputStream(out, piece.length);
    for (long left = count; left > 0; left -= piece.length) {
      buffered.write(piece, 0, (int) Math.min(piece.length, left));
    }
    buffered.flush();
  }
}
