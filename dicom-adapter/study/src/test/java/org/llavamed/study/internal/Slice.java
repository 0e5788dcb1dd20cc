package org.llavamed.study.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;

/** Writes the objects of tests: a CT slice of one pixel, until something else is said. */
final class Slice {
  private final DataSet dataSet =
      new DataSet()
          .putString(Tag.SOPClassUID, Vr.UI, Uids.CTImageStorage)
          .putString(Tag.PatientID, Vr.LO, "P1")
          .putString(Tag.StudyInstanceUID, Vr.UI, "1.1")
          .putString(Tag.SeriesInstanceUID, Vr.UI, "1.2")
          .putString(Tag.Modality, Vr.CS, "CT")
          .putBytes(Tag.PixelData, Vr.OB, new byte[2]);

  private Slice() {}

  /** A slice of study 1.1 and series 1.2 with this SOP Instance UID. */
  static Slice of(String uid) {
    return new Slice().set(Tag.SOPInstanceUID, Vr.UI, uid);
  }

  Slice set(int tag, Vr vr, String... values) {
    dataSet.putString(tag, vr, values);
    return this;
  }

  Slice items(int tag, DataSet... items) {
    dataSet.putItems(tag, items);
    return this;
  }

  Slice without(int tag) {
    dataSet.remove(tag);
    return this;
  }

  Slice number(int number) {
    return set(Tag.InstanceNumber, Vr.IS, Integer.toString(number));
  }

  Slice series(String uid) {
    return set(Tag.SeriesInstanceUID, Vr.UI, uid);
  }

  /** An axial slice at a height. */
  Slice height(double millimetres) {
    return plane("1\\0\\0\\0\\1\\0", "10\\-20\\" + millimetres);
  }

  Slice plane(String orientation, String position) {
    return set(Tag.ImageOrientationPatient, Vr.DS, orientation.split("\\\\", -1))
        .set(Tag.ImagePositionPatient, Vr.DS, position.split("\\\\", -1));
  }

  Path write(Path file) {
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Part10Writer.write(dataSet, Uids.ExplicitVRLittleEndian, file);
    return file;
  }
}
