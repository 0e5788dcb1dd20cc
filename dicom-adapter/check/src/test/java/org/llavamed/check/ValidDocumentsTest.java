package org.llavamed.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ObjectCheck.Problem;
import org.llavamed.imaging.ObjectCheck.Severity;

/** What is valid is accepted. */
class ValidDocumentsTest {
  static List<String> documents() {
    return Documents.NAMES;
  }

  @ParameterizedTest
  @MethodSource("documents")
  void aValidDocumentHasNoError(String name) {
    assertThat(Documents.problems(Documents.read(name), Severity.ERROR)).isEmpty();
  }

  @Test
  void privateSchemesThatAreNotToldAndEvidenceBeyondTheTreeAreWarnings() {
    assertThat(Documents.problems(Documents.read("measured"), Severity.WARNING))
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "Current Requested Procedure Evidence Sequence (0040,A375): lists"
                + " 1.2.826.0.1.3680043.10.1561.1.3.1, to which the content tree does not refer"
                + " (PS3.3 C.17.2.3)",
            "Coding Scheme Identification Sequence (0008,0110): does not tell what the private"
                + " scheme '99TEST' is (PS3.3 C.12.1)");
  }

  @Test
  void lookUpTableDataMayBeOfAnyRepresentationOfItsRow() {
    for (Vr vr : List.of(Vr.OW, Vr.US)) {
      DataSet object = Documents.read("secondary-capture");
      object.putItems(
          Tag.ModalityLUTSequence,
          new DataSet()
              .putInts(Tag.LUTDescriptor, Vr.US, 2, 0, 16)
              .putString(Tag.ModalityLUTType, Vr.LO, "US")
              .putBytes(Tag.LUTData, vr, new byte[4]));
      assertThat(Documents.problems(object, Severity.ERROR)).as(vr.name()).isEmpty();
    }
  }

  @Test
  void aSecondaryCaptureNeedsNoModality() {
    DataSet object = Documents.read("secondary-capture");
    object.remove(Tag.Modality);
    assertThat(Documents.problems(object, Severity.ERROR)).isEmpty();
  }

  @Test
  void termsAndTitlesThatOthersMayAddAreWarnings() {
    DataSet capture = Documents.read("secondary-capture");
    capture.putString(Tag.ConversionType, Vr.CS, "CAMERA");
    DataSet keyObjects = Documents.read("key-objects");
    new Tree(keyObjects).rename("TCE001", "IHERADTF", "For Teaching File Export");

    assertThat(Documents.problems(capture, Severity.ERROR)).isEmpty();
    assertThat(Documents.problems(capture, Severity.WARNING))
        .anyMatch(problem -> problem.sentence().startsWith("is 'CAMERA', expected DV or DI"));
    assertThat(Documents.problems(keyObjects, Severity.ERROR)).isEmpty();
    assertThat(Documents.problems(keyObjects, Severity.WARNING))
        .extracting(Problem::sentence)
        .contains("has a title that is not of CID 7010, though that may be extended");
  }

  @Test
  void modulesOfColourPresentationStatesAreKnown() {
    DataSet state =
        new DataSet()
            .putString(Tag.SOPClassUID, Vr.UI, Uids.ColorSoftcopyPresentationStateStorage)
            .putString(Tag.Modality, Vr.CS, "OT");
    assertThat(Documents.problems(state, Severity.ERROR))
        .extracting(Problem::toString)
        .contains(
            "ICC Profile (0028,2000): is missing, it is of type 1 (PS3.3, module icc-profile)",
            "Modality (0008,0060): is 'OT', expected PR (PS3.3 C.11.9)");
  }

  @Test
  void aPresentationStateOfAPictureBelongsToTheEvidence() {
    DataSet object = Documents.read("qualitative");
    DataSet state =
        new DataSet()
            .putString(Tag.ReferencedSOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.11.1")
            .putString(Tag.ReferencedSOPInstanceUID, Vr.UI, "1.2.9");
    new Tree(object)
        .find("260753009")
        .item()
        .items(Tag.ReferencedSOPSequence)
        .get(0)
        .putItems(Tag.ReferencedSOPSequence, state);
    DataSet series =
        object
            .items(Tag.CurrentRequestedProcedureEvidenceSequence)
            .get(0)
            .items(Tag.ReferencedSeriesSequence)
            .get(0);
    List<DataSet> instances = new ArrayList<>(series.items(Tag.ReferencedSOPSequence));
    instances.add(DataSet.copyOf(state));
    series.putItems(Tag.ReferencedSOPSequence, instances);

    assertThat(new DocumentCheck().check(object))
        .extracting(Problem::toString)
        .noneMatch(problem -> problem.contains("1.2.9"));
  }

  @Test
  void anObserversNameAsTextIsTheOnlyErrorOfTheSharedDocument() {
    Path file =
        Path.of(System.getProperty("shared.data", ""), "dicom", "highdicom", "sr_document.dcm");
    if (!Files.exists(file)) {
      System.out.println("SKIPPED: no shared data: " + file + " is not checked");
      return;
    }
    List<Problem> errors =
        new DocumentCheck()
            .check(new Part10Reader().read(file)).stream()
                .filter(problem -> problem.severity() == Severity.ERROR)
                .toList();

    assertThat(errors)
        .containsExactly(
            new Problem(
                Severity.ERROR,
                "content item 1.3 'Person Observer Name'",
                "is TEXT, expected PNAME (121008, DCM, \"Person Observer Name\")",
                "PS3.16 TID 1003 row 1"));
  }
}
