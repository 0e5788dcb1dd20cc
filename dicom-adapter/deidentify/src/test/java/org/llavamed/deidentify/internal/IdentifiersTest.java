package org.llavamed.deidentify.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.deidentification.ProjectSecret;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Dictionary;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;

/** What identifies the patient is found where table E.1-1 does not look for it. */
class IdentifiersTest {
  private static final ProjectSecret SECRET =
      ProjectSecret.of("a secret for tests".getBytes(StandardCharsets.UTF_8));

  @TempDir Path folder;

  private static DataSet image(String name, String id) {
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, Uids.CTImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.6")
        .putString(Tag.PatientName, Vr.PN, name)
        .putString(Tag.PatientID, Vr.LO, id)
        .putString(Tag.Modality, Vr.CS, "CT")
        .putInts(Tag.Rows, Vr.US, 2)
        .putInts(Tag.Columns, Vr.US, 2)
        .putInts(Tag.BitsAllocated, Vr.US, 8)
        .putBytes(Tag.PixelData, Vr.OB, new byte[4]);
  }

  private Path copy(DataSet original, ProfileOption... options) {
    Path file = folder.resolve("original.dcm");
    Part10Writer.write(original, Uids.ExplicitVRLittleEndian, file);
    return new ProfileDeidentifier()
        .deidentify(file, folder.resolve("out"), new Policy(Set.of(options), SECRET, false))
        .file();
  }

  private DataSet clean(DataSet original, ProfileOption... options) {
    return new Part10Reader().read(copy(original, options)).whole();
  }

  private static DataSet raw(DataSet target, int tag, Vr vr, String text) {
    return target.putBytes(tag, vr, text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void aNameIsReplacedInTermsAndTheOtherTermsStay() {
    DataSet original =
        image("MUSTERMANN^ERIKA", "1")
            .putString(Tag.BodyPartExamined, Vr.CS, "MUSTERMANN ERIKA")
            .putString(Tag.ImageType, Vr.CS, "ORIGINAL", "PRIMARY", "MUSTERMANN", "AXIAL")
            .putString(Tag.ScheduledStudyLocationAETitle, Vr.AE, "MUSTERMANN");
    DataSet clean = clean(original);
    assertThat(clean.strings(Tag.BodyPartExamined)).containsExactly("REMOVED");
    assertThat(clean.strings(Tag.ImageType))
        .containsExactly("ORIGINAL", "PRIMARY", "REMOVED", "AXIAL");
    assertThat(clean.string(Tag.ScheduledStudyLocationAETitle).orElse(""))
        .isNotEqualTo("MUSTERMANN");
    assertThat(clean.strings(Tag.Modality)).containsExactly("CT");
  }

  @Test
  void aTermOrNumberOfAnotherFormIsReplaced() {
    DataSet original = image("Miller^Anna", "123456");
    raw(original, Tag.BodyPartExamined, Vr.CS, "born 12.03.65 in Berlin, phone 030 1234");
    raw(original, Tag.KVP, Vr.DS, "call 0301234");
    raw(original, Tag.ExposureTime, Vr.IS, "123456");
    raw(original, Tag.SliceThickness, Vr.DS, "0.48828125000000001");
    raw(original, Tag.RescaleSlope, Vr.DS, "1.23456");
    DataSet clean = clean(original);
    assertThat(clean.strings(Tag.BodyPartExamined)).containsExactly("REMOVED");
    assertThat(clean.contains(Tag.KVP)).isTrue();
    assertThat(clean.strings(Tag.KVP)).isEmpty();
    assertThat(clean.strings(Tag.ExposureTime)).isEmpty();
    assertThat(clean.strings(Tag.RescaleSlope)).containsExactly("1.23456");
    assertThat(clean.strings(Tag.SliceThickness)).containsExactly("0.48828125000000001");
  }

  @Test
  void anAttributeOfAnotherRepresentationGoes() {
    DataSet original = image("Miller^Anna", "1");
    raw(original, Tag.BodyPartExamined, Vr.UT, "Frau Schmidt, Berlin");
    raw(original, Tag.PatientPosition, Vr.PN, "Schmidt^Eva");
    raw(original, Tag.AcquisitionMatrix, Vr.OB, "Schmidt^Eva");
    DataSet clean = clean(original);
    assertThat(clean.tags())
        .doesNotContain(Tag.BodyPartExamined, Tag.PatientPosition, Tag.AcquisitionMatrix);
  }

  @Test
  void representationsThatTheStandardLeavesToTheObjectStay() {
    DataSet original =
        image("Miller^Anna", "1")
            .putInts(Tag.PixelPaddingValue, Vr.SS, -2000)
            .putBytes(Tag.RedPaletteColorLookupTableData, Vr.OW, new byte[4]);
    assertThat(clean(original).tags())
        .contains(Tag.PixelPaddingValue, Tag.RedPaletteColorLookupTableData);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "00280010|IS|2|Rows (0028,0010) has the value representation IS, expected US",
        "00280010|OB|ab|Rows (0028,0010) has the value representation OB, expected US",
        "00281053|DS|much|Rescale Slope (0028,1053) has a value of another form, expected DS",
      })
  void anImageOfWhichAnAttributeWouldBeLostIsRefused(
      String tag, Vr vr, String value, String found) {
    DataSet original = raw(image("Miller^Anna", "1"), Integer.parseInt(tag, 16), vr, value);
    assertThatThrownBy(() -> copy(original))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            folder.resolve("original.dcm")
                + ": "
                + found
                + ". Correct it first: the image cannot be shown without it.");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Yamada^Tarou=山田^太郎|1|山田 太郎 様",
        "Yamada^Tarou=山田^太郎|1|made for YAMADA",
        "Lee^Kim|1|Lee, Kim left lung",
        "Miller^Anna|123-45-6789|no. 123456789",
        "Miller^Anna|123456789|no. 123-45-6789",
        "Miller^Anna|1|AnnaMiller_2",
        "Miller^Anna|1|MILLER2",
        "Müller^Änne|1|for MULLER",
        "Miller^Anna|1|born 12.03.1965",
        "Miller^Anna|1|born 120365",
        "Miller^Anna|1|born 12/3/1965",
        "Miller^Anna|1|of X-77-12",
        "Miller^Anna|1|seen by Nightingale",
        "Miller^Anna|1|order 4711-0815",
      })
  void aNameOrNumberIsRecognisedInTextThatTheTableDoesNotName(String name, String id, String text) {
    DataSet other = new DataSet().putString(Tag.PatientID, Vr.LO, "X7712");
    DataSet request =
        new DataSet()
            .putString(Tag.RequestingPhysician, Vr.PN, "Nightingale^Florence")
            .putString(Tag.AccessionNumber, Vr.SH, "47110815");
    DataSet original =
        image(name, id)
            .putString(Tag.PatientBirthDate, Vr.DA, "19650312")
            .putItems(Tag.OtherPatientIDsSequence, other)
            .putItems(Tag.RequestAttributesSequence, request)
            .putString(Tag.Manufacturer, Vr.LO, text)
            .putString(Tag.SegmentLabel, Vr.LO, text);
    DataSet clean = clean(original);
    assertThat(clean.strings(Tag.Manufacturer)).containsExactly("REMOVED");
    assertThat(clean.strings(Tag.SegmentLabel)).containsExactly("REMOVED");
  }

  @Test
  void shortNamesAndNumbersDoNotMakeOtherTextVanish() {
    DataSet original =
        image("Ct^No^^Mr", "12")
            .putString(Tag.OperatorsName, Vr.PN, "UNKNOWN")
            .putString(Tag.AccessionNumber, Vr.SH, "000000")
            .putString(Tag.ContrastBolusIngredient, Vr.CS, "UNKNOWN")
            .putString(Tag.SegmentLabel, Vr.LO, "no. 1000000")
            .putString(Tag.Manufacturer, Vr.LO, "Siemens 12")
            .putString(Tag.LossyImageCompression, Vr.CS, "00")
            .putString(Tag.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
            .putString(Tag.BurnedInAnnotation, Vr.CS, "NO");
    DataSet clean = clean(original);
    assertThat(clean.strings(Tag.ContrastBolusIngredient)).containsExactly("UNKNOWN");
    assertThat(clean.strings(Tag.SegmentLabel)).containsExactly("no. 1000000");
    assertThat(clean.strings(Tag.Modality)).containsExactly("CT");
    assertThat(clean.strings(Tag.BurnedInAnnotation)).containsExactly("NO");
    assertThat(clean.strings(Tag.Manufacturer)).containsExactly("Siemens 12");
    assertThat(clean.strings(Tag.PhotometricInterpretation)).containsExactly("MONOCHROME2");
  }

  /** Every text attribute of PS3.6 holds the name, in each representation of text. */
  @ParameterizedTest
  @EnumSource(
      value = Vr.class,
      names = {"AE", "CS", "LO", "SH", "LT", "ST", "UT", "UC", "PN", "UR", "DS", "IS", "AS"})
  void aNameInAnyTextAttributeIsFoundInNoCopy(Vr vr) throws IOException {
    DataSet original = image("MUSTERMANN^ERIKA=山田^太郎", "1");
    int planted = 0;
    for (int tag : TEXT_TAGS) {
      if (!original.contains(tag) && tag >>> 16 != 0x0028) {
        raw(original, tag, vr, "MUSTERMANN");
        planted++;
      }
    }
    assertThat(planted).isGreaterThan(1000);
    Path copy = copy(original, ProfileOption.CLEAN_DESCRIPTORS);
    String bytes = Files.readString(copy, StandardCharsets.ISO_8859_1);
    assertThat(bytes.toLowerCase(Locale.ROOT)).doesNotContain("mustermann");
  }

  private static final List<Integer> TEXT_TAGS = textTags();

  private static List<Integer> textTags() {
    List<Integer> tags = new ArrayList<>();
    for (int group :
        new int[] {0x08, 0x10, 0x12, 0x14, 0x18, 0x20, 0x22, 0x40, 0x70, 0x3006, 0x300A}) {
      for (int element = 1; element <= 0xFFFF; element++) {
        int tag = group << 16 | element;
        boolean control =
            tag == Tag.SpecificCharacterSet
                || tag == Tag.SOPClassUID
                || tag == Tag.ConversionType
                || tag == Tag.PatientID;
        if (Dictionary.vr(tag).isText() && !control) {
          tags.add(tag);
        }
      }
    }
    return tags;
  }

  @Test
  void attributesThatNamePeopleOrOrdersGoBeyondTheTable() {
    DataSet original =
        image("Miller^Anna", "1")
            .putString(Tag.PatientBirthDateInAlternativeCalendar, Vr.LO, "1344/01/02")
            .putString(Tag.PlacerOrderNumberProcedure, Vr.SH, "17")
            .putString(Tag.ContactDisplayName, Vr.LO, "Eva Schmidt")
            .putString(Tag.HangingProtocolCreator, Vr.LO, "Eva Schmidt")
            .putString(Tag.OwnerID, Vr.SH, "eva")
            .putString(Tag.CommentsOnTheScheduledProcedureStep, Vr.LT, "Eva, chest")
            .putItems(
                Tag.EncryptedAttributesSequence,
                new DataSet().putBytes(Tag.EncryptedContent, Vr.OB, new byte[] {1, 2}));
    DataSet clean = clean(original);
    assertThat(clean.tags())
        .doesNotContain(
            Tag.PatientBirthDateInAlternativeCalendar,
            Tag.PlacerOrderNumberProcedure,
            Tag.ContactDisplayName,
            Tag.HangingProtocolCreator,
            Tag.OwnerID,
            Tag.CommentsOnTheScheduledProcedureStep,
            Tag.EncryptedAttributesSequence);
  }

  @Test
  void textIsJoinedAndCutToWhatItsRepresentationAllows() {
    DataSet original = image("Miller^Anna", "1");
    raw(original, Tag.ImageComments, Vr.LO, "chest\\left lung");
    raw(original, Tag.StudyDescription, Vr.LO, "chest abdomen pelvis ".repeat(5));
    DataSet clean = clean(original, ProfileOption.CLEAN_DESCRIPTORS);
    assertThat(clean.strings(Tag.ImageComments)).containsExactly("chest left lung");
    assertThat(clean.string(Tag.StudyDescription).orElseThrow())
        .isEqualTo("chest abdomen pelvis chest abdomen pelvis chest abdomen pelvis");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "X1|SCT|Dr. Schmidt, Berlin 030/12345|X1|SCT|REMOVED",
        "39607008|SCT|Lung of Dr. Schmidt|39607008|SCT|Lung",
        "39607008|SCT|LUNG|39607008|SCT|LUNG",
        "123456|DCM|Schmidt finding|123456|DCM|[...] finding",
        "Schmidt|DCM|Schmidt finding||99LLAVAMED|[...] finding",
      })
  void theMeaningOfACodeIsThatOfTheStandardOrCleaned(
      String value, String scheme, String meaning, String kept, String keptScheme, String said) {
    DataSet code =
        new DataSet()
            .putString(Tag.CodeValue, Vr.SH, value)
            .putString(Tag.CodingSchemeDesignator, Vr.SH, scheme)
            .putString(Tag.CodeMeaning, Vr.LO, meaning);
    DataSet item =
        new DataSet()
            .putString(Tag.RelationshipType, Vr.CS, "CONTAINS")
            .putString(Tag.ValueType, Vr.CS, "CODE")
            .putItems(Tag.ConceptNameCodeSequence, code);
    DataSet clean =
        clean(
                image("Miller^Anna", "1").putItems(Tag.ContentSequence, item),
                ProfileOption.CLEAN_STRUCTURED_CONTENT)
            .items(Tag.ContentSequence)
            .get(0)
            .items(Tag.ConceptNameCodeSequence)
            .get(0);
    assertThat(clean.string(Tag.CodingSchemeDesignator)).contains(keptScheme);
    assertThat(clean.string(Tag.CodeMeaning)).contains(said);
    if (kept != null) {
      assertThat(clean.string(Tag.CodeValue)).contains(kept);
    } else {
      assertThat(clean.string(Tag.CodeValue).orElseThrow()).doesNotContain(value);
    }
  }

  @Test
  void layersLoseTheirNamesAndStayTogether() {
    DataSet state =
        image("Miller^Anna", "1")
            .putItems(
                Tag.GraphicAnnotationSequence,
                new DataSet().putString(Tag.GraphicLayer, Vr.CS, "NOTES"))
            .putItems(
                Tag.GraphicLayerSequence,
                new DataSet().putString(Tag.GraphicLayer, Vr.CS, "BASE"),
                new DataSet().putString(Tag.GraphicLayer, Vr.CS, "NOTES"));
    DataSet clean = clean(state);
    assertThat(clean.items(Tag.GraphicAnnotationSequence).get(0).strings(Tag.GraphicLayer))
        .containsExactly("LAYER1");
    assertThat(clean.items(Tag.GraphicLayerSequence))
        .extracting(item -> item.strings(Tag.GraphicLayer))
        .containsExactly(List.of("LAYER2"), List.of("LAYER1"));
  }

  @ParameterizedTest
  @CsvSource({"yes", "'NO\\YES'", "'NO\\NO'"})
  void onlyASingleNoSaysThatNothingIsBurnedIn(String value) {
    DataSet original = raw(image("Miller^Anna", "1"), Tag.BurnedInAnnotation, Vr.CS, value);
    original.putString(Tag.SOPClassUID, Vr.UI, Uids.UltrasoundImageStorage);
    assertThatThrownBy(() -> copy(original))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("Burned In Annotation (0028,0301) is");
  }

  @ParameterizedTest
  @CsvSource({"1.2.840.10008.5.1.1.29", "1.2.840.10008.5.1.1.30"})
  void hardcopiesAreRefusedUnlessTheirPixelsWereChecked(String sopClass) {
    DataSet original = image("Miller^Anna", "1").putString(Tag.SOPClassUID, Vr.UI, sopClass);
    assertThatThrownBy(() -> copy(original))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("this is a hardcopy");
  }

  @Test
  void attributesOfTheTableThatOurDictionaryLacksAreTreatedByTheTable() {
    int acquisitionUid = 0x00080017;
    DataSet original = image("Miller^Anna", "1").putString(acquisitionUid, Vr.UI, "1.2.3.9");
    assertThat(clean(original).string(acquisitionUid).orElseThrow()).startsWith("2.25.");
    original.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.7");
    assertThat(clean(original, ProfileOption.RETAIN_UIDS).strings(acquisitionUid))
        .containsExactly("1.2.3.9");
    original.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.8");
    raw(original, acquisitionUid, Vr.LO, "Miller");
    assertThat(clean(original, ProfileOption.RETAIN_UIDS).strings(acquisitionUid))
        .containsExactly("REMOVED");
  }

  @Test
  void patientsOfTwoIssuersWithOneNumberStayTwo() {
    DataSet here = image("Miller^Anna", "1").putString(Tag.IssuerOfPatientID, Vr.LO, "HERE");
    String first = clean(here).string(Tag.PatientID).orElseThrow();
    here.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.7")
        .putString(Tag.IssuerOfPatientID, Vr.LO, "THERE");
    assertThat(clean(here).string(Tag.PatientID).orElseThrow()).isNotEqualTo(first);
  }

  @Test
  void whatEarlierProgramsSaidOfTheirWorkStays() {
    DataSet code =
        new DataSet()
            .putString(Tag.CodeValue, Vr.SH, "113101")
            .putString(Tag.CodingSchemeDesignator, Vr.SH, "DCM")
            .putString(Tag.CodeMeaning, Vr.LO, "Clean Pixel Data Option");
    DataSet original =
        image("Miller^Anna", "1")
            .putString(Tag.DeidentificationMethod, Vr.LO, "other program")
            .putItems(Tag.DeidentificationMethodCodeSequence, code);
    DataSet clean = clean(original);
    assertThat(clean.strings(Tag.DeidentificationMethod)).hasSize(2).startsWith("other program");
    assertThat(clean.items(Tag.DeidentificationMethodCodeSequence)).hasSize(2).contains(code);
  }
}
