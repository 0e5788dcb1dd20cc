package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

final class SourceHeaderTest {
  @Test
  void aHeaderWithoutFaultGivesNoWarning() {
    assertThat(header(Sources.header()).warnings()).isEmpty();
  }

  @Test
  void aBadDateIsLeftEmptyAndNamed() {
    SourceHeader header = header(raw(Sources.header(), Tag.PatientBirthDate, Vr.DA, "1950-1-1"));

    assertThat(object(header).contains(Tag.PatientBirthDate)).isTrue();
    assertThat(object(header).string(Tag.PatientBirthDate)).isEmpty();
    assertThat(header.warnings())
        .containsExactly(
            "brain.dcm: Patient's Birth Date (0010,0030) '1950-1-1' is no valid DA, so the results leave it"
                + " out.");
  }

  @Test
  void aTermOutsideItsListIsLeftEmptyAndNamed() {
    SourceHeader header = header(raw(Sources.header(), Tag.PatientSex, Vr.CS, "male"));

    assertThat(object(header).string(Tag.PatientSex)).isEmpty();
    assertThat(header.warnings())
        .containsExactly(
            "brain.dcm: Patient's Sex (0010,0040) 'male' is none of [F, M, O], so the results leave it out.");
  }

  @Test
  void anOptionalValueThatIsTooLongIsAbsentAndNamed() {
    SourceHeader header =
        header(raw(Sources.header(), Tag.StudyDescription, Vr.LO, "x".repeat(65)));

    assertThat(object(header).contains(Tag.StudyDescription)).isFalse();
    assertThat(header.warnings()).hasSize(1);
    assertThat(header.warnings().get(0))
        .contains("Study Description (0008,1030)", "65 characters, LO allows 64");
  }

  @Test
  void severalValuesOfAnAttributeThatHasOneAreLeftOut() {
    SourceHeader header = header(raw(Sources.header(), Tag.PatientID, Vr.LO, "A\\B"));

    assertThat(object(header).string(Tag.PatientID)).isEmpty();
    assertThat(header.warnings())
        .containsExactly(
            "brain.dcm: Patient ID (0010,0020) has 2 values, expected one, so the results leave it out.");
  }

  @Test
  void anIllegalStudyUidIsKeptAndNamed() {
    for (String uid : new String[] {"1.02.3", "999.999.2", "study-7"}) {
      SourceHeader header = header(raw(Sources.header(), Tag.StudyInstanceUID, Vr.UI, uid));

      assertThat(object(header).string(Tag.StudyInstanceUID)).contains(uid);
      assertThat(header.warnings()).hasSize(1);
      assertThat(header.warnings().get(0))
          .startsWith("brain.dcm: Study Instance UID (0020,000D) '" + uid + "' ")
          .endsWith("it is kept, so that the results stay in their study.");
    }
  }

  @Test
  void aMissingStudyUidIsReplaced() {
    SourceHeader header = header(Sources.header().remove(Tag.StudyInstanceUID));

    assertThat(header.studyInstanceUid()).startsWith("2.25.");
    assertThat(header.warnings())
        .containsExactly(
            "brain.dcm: Study Instance UID (0020,000D) is missing, so the results get one of their own.");
  }

  @Test
  void aPictureWithAnIllegalUidIsNotReferredToAndNamed() {
    DataSet source = raw(Sources.header(), Tag.SOPInstanceUID, Vr.UI, "1.2.3.x");

    assertThat(PictureReference.of(Sources.reading(Sources.object("brain.dcm", source)))).isEmpty();
    assertThat(header(source).warnings())
        .containsExactly(
            "brain.dcm: SOP Instance UID (0008,0018) '1.2.3.x' is no valid UI, so the results do not refer"
                + " to the picture.");
  }

  @Test
  void theDateOfTheResultsIsTheFirstValidOneOfTheSource() {
    DataSet source =
        raw(Sources.header(), Tag.StudyDate, Vr.DA, "1997.04.24")
            .putString(Tag.AcquisitionDate, Vr.DA, "19970424");

    assertThat(header(source).date()).contains("19970424");
    assertThat(header(source).time()).isEqualTo("000000");
  }

  @Test
  void aSourceWithoutAnyDateIsNamed() {
    SourceHeader header = header(Sources.header().remove(Tag.StudyDate));

    assertThat(header.date()).isEmpty();
    assertThat(header.warnings())
        .containsExactly(
            "brain.dcm: the header has no valid date, so Content Date (0008,0023) of the SR documents, which"
                + " must have one, is 19000101.");
  }

  @Test
  void identityRemovedWithoutAMethodIsLeftOutAndNamed() {
    SourceHeader header =
        header(Sources.header().putString(Tag.PatientIdentityRemoved, Vr.CS, "YES"));

    assertThat(object(header).contains(Tag.PatientIdentityRemoved)).isFalse();
    assertThat(header.warnings())
        .containsExactly(
            "brain.dcm: Patient Identity Removed (0012,0062) is YES without De-identification Method"
                + " (0012,0063), so the results leave it out.");
  }

  @Test
  void aProcedureWithoutAValidCodeIsAbsentAndNamedOnce() {
    DataSet noMeaning =
        new DataSet()
            .putString(Tag.CodeValue, Vr.SH, "24587-8")
            .putString(Tag.CodingSchemeDesignator, Vr.SH, "LN");
    SourceHeader header = header(Sources.header().putItems(Tag.ProcedureCodeSequence, noMeaning));

    assertThat(header.procedures()).isEmpty();
    assertThat(object(header).contains(Tag.ProcedureCodeSequence)).isFalse();
    assertThat(header.warnings())
        .containsExactly(
            "brain.dcm: Procedure Code Sequence (0008,1032) has an item without a valid code, so the"
                + " results leave it out.");
  }

  @Test
  void aMeaningOfSixtyFourCharactersOutsideTheBasicPlaneIsKept() {
    DataSet code =
        new DataSet()
            .putString(Tag.CodeValue, Vr.SH, "1")
            .putString(Tag.CodingSchemeDesignator, Vr.SH, "99X")
            .putString(Tag.CodeMeaning, Vr.LO, "\uD83E\uDDE0".repeat(64));

    assertThat(header(Sources.header().putItems(Tag.ProcedureCodeSequence, code)).procedures())
        .hasSize(1);
  }

  @Test
  void theProcedureThatTheSourceCodesIsReported() {
    DataSet code =
        new DataSet()
            .putString(Tag.CodeValue, Vr.SH, "24587-8")
            .putString(Tag.CodingSchemeDesignator, Vr.SH, "LN")
            .putString(Tag.CodeMeaning, Vr.LO, "MR Brain");
    SourceHeader header = header(Sources.header().putItems(Tag.ProcedureCodeSequence, code));

    assertThat(header.procedures()).extracting("value").containsExactly("24587-8");
    assertThat(object(header).items(Tag.ProcedureCodeSequence)).hasSize(1);
  }

  private static SourceHeader header(DataSet source) {
    return new SourceHeader(
        Sources.annotation(Sources.reading(Sources.object("brain.dcm", source))));
  }

  private static DataSet object(SourceHeader header) {
    DataSet object = new DataSet();
    header.putInto(object);
    return object;
  }

  /** Puts a value that the data set itself would refuse, as a file may hold it. */
  private static DataSet raw(DataSet header, int tag, Vr vr, String value) {
    return header.putBytes(tag, vr, value.getBytes(StandardCharsets.US_ASCII));
  }
}
