package org.llavamed.dimse.internal;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;

/** Objects to send. */
final class Objects {
  static final String STUDY = "1.2.826.0.1.3680043.10.1338.1";
  static final String SERIES = STUDY + ".1";

  private Objects() {}

  /** Returns a CT image of 16 bits, square, with values from a seed. */
  static DataSet image(int number, int side) {
    byte[] pixels = new byte[2 * side * side];
    new Random(number).nextBytes(pixels);
    return head(Uids.CTImageStorage, number, side)
        .putInts(Tag.BitsAllocated, Vr.US, 16)
        .putInts(Tag.BitsStored, Vr.US, 16)
        .putInts(Tag.HighBit, Vr.US, 15)
        .putBytes(Tag.PixelData, Vr.OW, pixels);
  }

  /** Returns an image of 8 bits, square, of a slope that compresses well. */
  static DataSet grey(int number, int side) {
    byte[] pixels = new byte[side * side];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) ((i % side + 2 * (i / side) + number) % 200);
    }
    return head(Uids.SecondaryCaptureImageStorage, number, side)
        .putInts(Tag.BitsAllocated, Vr.US, 8)
        .putInts(Tag.BitsStored, Vr.US, 8)
        .putInts(Tag.HighBit, Vr.US, 7)
        .putBytes(Tag.PixelData, Vr.OB, pixels);
  }

  /** Returns an image of 8 bits whose frame is coded by RLE: runs of one value. */
  static DataSet rle(int number, int side) {
    ByteBuffer frame =
        ByteBuffer.allocate(64 + 2 * (side * side / 128)).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    frame.putInt(1).putInt(64).position(64);
    for (int run = 0; run < side * side / 128; run++) {
      frame.put((byte) -127).put((byte) run);
    }
    return head(Uids.SecondaryCaptureImageStorage, number, side)
        .putInts(Tag.BitsAllocated, Vr.US, 8)
        .putInts(Tag.BitsStored, Vr.US, 8)
        .putInts(Tag.HighBit, Vr.US, 7)
        .putFragments(Tag.PixelData, List.of(frame.flip()));
  }

  /** Returns what all objects have. */
  static DataSet head(String sopClassUid, int number, int side) {
    return new DataSet()
        .putString(Tag.SpecificCharacterSet, Vr.CS, "ISO_IR 192")
        .putString(Tag.SOPClassUID, Vr.UI, sopClassUid)
        .putString(Tag.SOPInstanceUID, Vr.UI, SERIES + "." + number)
        .putString(Tag.StudyInstanceUID, Vr.UI, STUDY)
        .putString(Tag.SeriesInstanceUID, Vr.UI, SERIES)
        .putString(Tag.PatientName, Vr.PN, "Müller^Ödön")
        .putString(Tag.PatientID, Vr.LO, "P1")
        .putString(Tag.StudyDate, Vr.DA, "20260102")
        .putString(Tag.StudyID, Vr.SH, "1")
        .putString(Tag.Modality, Vr.CS, "CT")
        .putInts(Tag.InstanceNumber, Vr.IS, number)
        .putInts(Tag.SamplesPerPixel, Vr.US, 1)
        .putString(Tag.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
        .putInts(Tag.Rows, Vr.US, side)
        .putInts(Tag.Columns, Vr.US, side)
        .putInts(Tag.PixelRepresentation, Vr.US, 0);
  }

  /** Writes an object and returns its file. */
  static Path write(Path folder, String name, DataSet dataSet, String transferSyntaxUid) {
    Path file = folder.resolve(name);
    Part10Writer.write(dataSet, transferSyntaxUid, file);
    return file;
  }

  /** Returns where the receiver keeps an object. */
  static Path kept(Path folder, int number) {
    return folder.resolve(STUDY).resolve(SERIES).resolve(SERIES + "." + number + ".dcm");
  }
}
