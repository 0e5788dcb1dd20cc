package org.llavamed.deidentify.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.deidentification.Deidentifier;
import org.llavamed.deidentification.Policy;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** De-identifies by the tables of the bundle. Without state, safe for use by several threads. */
@Component(service = Deidentifier.class)
public final class ProfileDeidentifier implements Deidentifier {
  private static final int LONGEST_UID = 64;

  private final Part10Reader reader;

  /** Makes a de-identifier. */
  @Activate
  public ProfileDeidentifier() {
    this.reader = new Part10Reader();
  }

  @Override
  public Outcome deidentify(Path file, Path folder, Policy policy) {
    Part10Object object = reader.read(file);
    Refusals.check(object, policy);
    DataSet source = source(object);
    Subject subject = Subject.of(source, policy.secret());
    DataSet clean = new Cleaner(policy, subject).object(source);
    Marks.put(clean, policy, subject);
    String uid = clean.string(Tag.SOPInstanceUID).orElse("");
    if (uid.length() > LONGEST_UID || !uid.matches("[0-9]+(\\.[0-9]+)*")) {
      throw ImagingException.damaged(
          file, "SOP Instance UID (0008,0018) is no UID", "Leave the option retain-uids out");
    }
    Path target = folder.resolve(uid + ".dcm");
    write(clean, object.transferSyntaxUid(), target);
    return new Outcome(target, identity(source), identity(clean));
  }

  /** Returns the data set with its pixel data, its class and its instance. */
  private static DataSet source(Part10Object object) {
    DataSet source = object.whole();
    String instance =
        source
            .string(Tag.SOPInstanceUID)
            .or(() -> source.string(Tag.MediaStorageSOPInstanceUID))
            .orElseThrow(() -> Refusals.missing(object, Tag.SOPInstanceUID));
    if (source.string(Tag.SOPInstanceUID).isEmpty()) {
      source.putString(Tag.SOPInstanceUID, Vr.UI, instance);
    }
    return source.putString(Tag.SOPClassUID, Vr.UI, Refusals.sopClass(object));
  }

  private static Identity identity(DataSet dataSet) {
    return new Identity(
        dataSet.string(Tag.PatientID).orElse(""),
        dataSet.string(Tag.StudyInstanceUID).orElse(""),
        dataSet.string(Tag.SeriesInstanceUID).orElse(""),
        dataSet.string(Tag.SOPInstanceUID).orElse(""));
  }

  /** Writes a file; one that is there already has to be the same. */
  private static void write(DataSet dataSet, String transferSyntaxUid, Path target) {
    try {
      Files.createDirectories(target.toAbsolutePath().getParent());
      if (!Files.exists(target)) {
        Part10Writer.write(dataSet, transferSyntaxUid, target);
        return;
      }
      Path again = target.resolveSibling("." + target.getFileName() + ".again");
      try {
        Part10Writer.write(dataSet, transferSyntaxUid, again);
        if (Files.mismatch(again, target) >= 0) {
          throw ImagingException.damaged(
              target, "another file is there already", "Write to an empty folder");
        }
      } finally {
        Files.deleteIfExists(again);
      }
    } catch (IOException e) {
      throw ImagingException.unwritable(target, e);
    }
  }
}
