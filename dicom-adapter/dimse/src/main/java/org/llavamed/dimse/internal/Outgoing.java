package org.llavamed.dimse.internal;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DataSetStart;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.StoreOutcome;

/**
 * A file that is to be sent.
 *
 * @param file the file
 * @param sopClassUid SOP Class UID; empty where there is a problem
 * @param sopInstanceUid SOP Instance UID; empty where there is a problem
 * @param found where its data set lies, without attributes; null where there is a problem
 * @param problem why it cannot be sent
 */
record Outgoing(
    Path file,
    String sopClassUid,
    String sopInstanceUid,
    @Nullable DataSetStart found,
    Optional<String> problem) {
  private static final String ROOT_DIRECTORY = "1.2.840.10008.1.3.10";

  static Outgoing read(Path file) {
    try {
      DataSetStart start = new Part10Reader().readStart(file, Tag.SOPInstanceUID);
      String classUid = uid(start, Tag.MediaStorageSOPClassUID, Tag.SOPClassUID);
      String instanceUid = uid(start, Tag.MediaStorageSOPInstanceUID, Tag.SOPInstanceUID);
      if (classUid.equals(ROOT_DIRECTORY)) {
        throw ImagingException.unsupported(
            file, "Sending a DICOMDIR", "Send the files that it lists");
      }
      if (classUid.isEmpty() || instanceUid.isEmpty()) {
        throw ImagingException.damaged(
            file, "SOP Class or Instance UID is missing", "Export the object again");
      }
      start.checkWhole();
      DataSetStart bare =
          new DataSetStart(
              file,
              start.transferSyntaxUid(),
              new DataSet(),
              new DataSet(),
              start.offset(),
              start.length());
      return new Outgoing(file, classUid, instanceUid, bare, Optional.empty());
    } catch (ImagingException e) {
      return new Outgoing(file, "", "", null, Optional.of(String.valueOf(e.getMessage())));
    }
  }

  private static String uid(DataSetStart start, int metaTag, int tag) {
    return start
        .attributes()
        .string(tag)
        .or(() -> start.fileMeta().string(metaTag))
        .filter(uid -> Uid.isValid(uid))
        .orElse("");
  }

  /** Returns where the data set lies, of a file without a problem. */
  DataSetStart start() {
    return Objects.requireNonNull(found, "the file has a problem");
  }

  String transferSyntaxUid() {
    return start().transferSyntaxUid();
  }

  StoreOutcome failed(int status, String transferSyntaxUid, String why) {
    return outcome(status, transferSyntaxUid, why);
  }

  StoreOutcome outcome(int status, String transferSyntaxUid, String why) {
    return new StoreOutcome(file, sopClassUid, sopInstanceUid, transferSyntaxUid, status, why);
  }
}
