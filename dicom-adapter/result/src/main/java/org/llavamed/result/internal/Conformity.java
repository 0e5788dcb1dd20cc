package org.llavamed.result.internal;

import java.util.List;
import java.util.Optional;
import org.llavamed.check.DocumentCheck;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.ObjectCheck.Problem;
import org.llavamed.imaging.ObjectCheck.Severity;

/** No object leaves in which our own check finds an error. */
final class Conformity {
  private static final DocumentCheck CHECK = new DocumentCheck();

  private Conformity() {}

  /**
   * Checks an object before it is written.
   *
   * @param studyInstanceUid of the source; an illegal one is kept, and no error of ours
   * @return why it must not be written, in one sentence; empty where nothing speaks against it
   */
  static Optional<String> problem(DataSet object, String studyInstanceUid) {
    boolean kept = UidForm.problem(studyInstanceUid).isPresent();
    List<Problem> errors =
        CHECK.check(object).stream()
            .filter(problem -> problem.severity() == Severity.ERROR)
            .filter(problem -> !(kept && isStudyUid(problem)))
            .toList();
    String name =
        object
            .string(Tag.SOPClassUID)
            .flatMap(Dictionary::uid)
            .map(Dictionary.Uid::name)
            .orElse("A result object");
    return errors.stream()
        .findFirst()
        .map(
            first ->
                "%s: not written, since it has %d errors against the standard, the first is: %s. Report this as an error of the program."
                    .formatted(name, errors.size(), first));
  }

  private static boolean isStudyUid(Problem problem) {
    return problem.place().endsWith(Dictionary.describe(Tag.StudyInstanceUID));
  }
}
