package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumSet;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.check.DocumentCheck;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

class ConformityTest {
  @TempDir Path folder;
  private DataSet report;

  @BeforeEach
  void writeReport() {
    report =
        new Part10Reader()
            .read(
                Sources.writer()
                    .write(Sources.annotation(), EnumSet.of(Format.SR), folder)
                    .files()
                    .get(0)
                    .file())
            .attributes();
  }

  @Test
  void ourObjectsGiveTheCheckNothingToSay() {
    for (ResultFile file :
        Sources.writer().write(Sources.annotation(), EnumSet.allOf(Format.class), folder).files()) {
      if (file.format() != Format.JSON) {
        assertThat(new DocumentCheck().check(new Part10Reader().read(file.file())))
            .as(file.toString())
            .isEmpty();
      }
    }
  }

  @Test
  void anObjectWithAnErrorIsNotWrittenAndTheErrorIsNamed() {
    report.remove(Tag.CompletionFlag).remove(Tag.Modality);

    assertThat(Conformity.problem(report, "1.2.3"))
        .contains(
            "Comprehensive 3D SR Storage: not written, since it has 2 errors against the standard,"
                + " the first is: Modality (0008,0060): is missing, it is of type 1 (PS3.3, module"
                + " sr-document-series). Report this as an error of the program.");
  }

  @Test
  void anIllegalStudyUidOfTheSourceIsNoErrorOfOurs() {
    report.putBytes(Tag.StudyInstanceUID, Vr.UI, "1.02.3".getBytes(StandardCharsets.US_ASCII));

    assertThat(Conformity.problem(report, "1.02.3")).isEmpty();
    assertThat(Conformity.problem(report, "1.2.3").orElseThrow())
        .contains("Study Instance UID (0020,000D): '1.02.3' is no valid UI");
  }
}
