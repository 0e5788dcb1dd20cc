package org.llavamed.check;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.dicom.Part10Reader;
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
