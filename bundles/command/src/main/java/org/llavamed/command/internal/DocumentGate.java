package org.llavamed.command.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectCheck;
import org.llavamed.imaging.ObjectCheck.Problem;
import org.llavamed.imaging.ObjectCheck.Severity;
import org.llavamed.imaging.ObjectReader;

/** Holds back SR documents that the check finds an error in; all other files pass. */
final class DocumentGate {
  /** SOP Class UID (0008,0016). */
  static final int SOP_CLASS_UID = 0x00080016;

  /** What the SOP Class UIDs of all documents with a content tree begin with (PS3.4 B.5). */
  private static final String DOCUMENTS = "1.2.840.10008.5.1.4.1.1.88.";

  private final ObjectReader reader;
  private final ObjectCheck check;

  DocumentGate(ObjectReader reader, ObjectCheck check) {
    this.reader = reader;
    this.check = check;
  }

  /** Returns why a file is held back; empty where it passes, or another has to say what it is. */
  Optional<String> refusal(Path file) {
    List<Problem> errors;
    try {
      errors = errors(reader.read(file));
    } catch (ImagingException e) {
      return Optional.empty();
    }
    return errors.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "not sent: %d errors against the standard, the first is: %s. --unchecked sends it anyway."
                .formatted(errors.size(), errors.get(0)));
  }

  /** Returns what a file plainly is instead of DICOM. */
  Optional<String> otherKind(Path file) {
    return reader.otherKind(file);
  }

  private List<Problem> errors(DicomObject object) {
    boolean document = object.attributes().string(SOP_CLASS_UID).orElse("").startsWith(DOCUMENTS);
    return document
        ? check.check(object).stream()
            .filter(problem -> problem.severity() == Severity.ERROR)
            .toList()
        : List.of();
  }
}
