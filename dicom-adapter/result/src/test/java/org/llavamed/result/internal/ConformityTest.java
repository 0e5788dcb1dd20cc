package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.check.DocumentCheck;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

class ConformityTest {
  private static final Optional<String> PERCENT = Optional.of("%");

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

  @ParameterizedTest
  @EnumSource(names = {"SR", "REPORT"})
  void aProbabilityInAnotherUnitThanPercentIsNotWritten(Format format) {
    DataSet document =
        new Part10Reader()
            .read(
                Sources.writer()
                    .write(Sources.annotation(), EnumSet.of(format), folder)
                    .files()
                    .get(0)
                    .file())
            .attributes();
    List<DataSet> units = new ArrayList<>();
    findUnits(document, units);
    assertThat(units).isNotEmpty().allMatch(unit -> unit.string(Tag.CodeValue).equals(PERCENT));
    assertThat(Conformity.problem(document, "1.2.3")).isEmpty();

    units.get(0).putString(Tag.CodeValue, Vr.SH, "mm");

    assertThat(Conformity.problem(document, "1.2.3"))
        .get(InstanceOfAssertFactories.STRING)
        .contains("since it has 1 errors", "is a measurement of probability in 'mm', a unit of");
  }

  private static void findUnits(DataSet item, List<DataSet> units) {
    for (DataSet value : item.items(Tag.MeasuredValueSequence)) {
      units.addAll(value.items(Tag.MeasurementUnitsCodeSequence));
    }
    item.items(Tag.ContentSequence).forEach(child -> findUnits(child, units));
  }

  @Test
  void anIllegalStudyUidOfTheSourceIsNoErrorOfOurs() {
    report.putBytes(Tag.StudyInstanceUID, Vr.UI, "1.02.3".getBytes(StandardCharsets.US_ASCII));

    assertThat(Conformity.problem(report, "1.02.3")).isEmpty();
    assertThat(Conformity.problem(report, "1.2.3").orElseThrow())
        .contains("Study Instance UID (0020,000D): '1.02.3' is no valid UI");
  }
}
