package org.llavamed.deidentify.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.deidentification.Deidentifier.Outcome;
import org.llavamed.deidentification.Policy;
import org.llavamed.deidentification.ProfileOption;
import org.llavamed.deidentification.ProjectSecret;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;

class ProfileDeidentifierTest {
  private static final ProjectSecret SECRET =
      ProjectSecret.of("a secret for tests".getBytes(StandardCharsets.UTF_8));
  private static final long SEED = 20;

  @TempDir Path folder;

  private final ProfileDeidentifier deidentifier = new ProfileDeidentifier();

  private static DataSet object(String sopClass, String instance) {
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, sopClass)
        .putString(Tag.SOPInstanceUID, Vr.UI, instance)
        .putString(Tag.StudyInstanceUID, Vr.UI, "1.2.3.4")
        .putString(Tag.SeriesInstanceUID, Vr.UI, "1.2.3.5")
        .putString(Tag.PatientName, Vr.PN, "Miller^Anna")
        .putString(Tag.PatientID, Vr.LO, "4711")
        .putString(Tag.StudyDate, Vr.DA, "20240301")
        .putString(Tag.StudyTime, Vr.TM, "101112");
  }

  private static DataSet image(String instance) {
    return object(Uids.CTImageStorage, instance)
        .putInts(Tag.BitsAllocated, Vr.US, 8)
        .putBytes(Tag.PixelData, Vr.OB, new byte[] {1, 2, 3, 4});
  }

  private static DataSet code(String value, String scheme, String meaning) {
    return new DataSet()
        .putString(Tag.CodeValue, Vr.SH, value)
        .putString(Tag.CodingSchemeDesignator, Vr.SH, scheme)
        .putString(Tag.CodeMeaning, Vr.LO, meaning);
  }

  private static DataSet content(String type, DataSet concept) {
    return new DataSet()
        .putString(Tag.RelationshipType, Vr.CS, "CONTAINS")
        .putString(Tag.ValueType, Vr.CS, type)
        .putItems(Tag.ConceptNameCodeSequence, concept);
  }

  private static Policy policy(ProfileOption... options) {
    return new Policy(Set.of(options), SECRET, false);
  }

  private Outcome run(DataSet original, Policy policy) {
    Path file = folder.resolve("original.dcm");
    Part10Writer.write(original, Uids.ExplicitVRLittleEndian, file);
    return deidentifier.deidentify(file, folder.resolve("out"), policy);
  }

  private DataSet clean(DataSet original, ProfileOption... options) {
    return new Part10Reader().read(run(original, policy(options)).file()).whole();
  }

  @Test
  void referencesBetweenFilesSurviveWithNewUids() {
    DataSet reference =
        new DataSet()
            .putString(Tag.ReferencedSOPClassUID, Vr.UI, Uids.CTImageStorage)
            .putString(Tag.ReferencedSOPInstanceUID, Vr.UI, "1.2.3.6");
    DataSet one = clean(image("1.2.3.6"));
    DataSet two = clean(image("1.2.3.7").putItems(Tag.SourceImageSequence, reference));
    DataSet mapped = two.items(Tag.SourceImageSequence).get(0);
    assertThat(mapped.string(Tag.ReferencedSOPInstanceUID))
        .isEqualTo(one.string(Tag.SOPInstanceUID))
        .isEqualTo(one.string(Tag.MediaStorageSOPInstanceUID));
    assertThat(mapped.string(Tag.ReferencedSOPClassUID)).contains(Uids.CTImageStorage);
    assertThat(two.string(Tag.StudyInstanceUID)).isEqualTo(one.string(Tag.StudyInstanceUID));
    assertThat(two.string(Tag.PatientID)).isEqualTo(one.string(Tag.PatientID));
    assertThat(one.string(Tag.PatientName)).isEqualTo(one.string(Tag.PatientID));
    assertThat(one.string(Tag.SOPInstanceUID).orElseThrow()).startsWith("2.25.");
  }

  @Test
  void theSameFileAndSecretGiveTheSameBytesAndAnotherSecretOthers() throws IOException {
    Path first = run(image("1.2.3.6"), policy()).file();
    byte[] bytes = Files.readAllBytes(first);
    assertThat(run(image("1.2.3.6"), policy()).file()).isEqualTo(first).hasBinaryContent(bytes);
    Policy other = new Policy(Set.of(), ProjectSecret.random(), false);
    assertThat(run(image("1.2.3.6"), other).file()).isNotEqualTo(first);
  }

  @Test
  void anObjectSaysHowItWasDeidentified() {
    DataSet basic = clean(image("1.2.3.6"));
    assertThat(basic.string(Tag.PatientIdentityRemoved)).contains("YES");
    assertThat(basic.string(Tag.DeidentificationMethod).orElseThrow())
        .contains("research use only");
    assertThat(basic.string(Tag.LongitudinalTemporalInformationModified)).contains("REMOVED");
    assertThat(codes(basic)).containsExactly("113100");
    DataSet dates = clean(image("1.2.3.8"), ProfileOption.RETAIN_MODIFIED_DATES);
    assertThat(dates.string(Tag.LongitudinalTemporalInformationModified)).contains("MODIFIED");
    assertThat(codes(dates)).containsExactly("113100", "113107");
    DataSet full =
        clean(image("1.2.3.9"), ProfileOption.RETAIN_FULL_DATES, ProfileOption.RETAIN_UIDS);
    assertThat(full.string(Tag.LongitudinalTemporalInformationModified)).contains("UNMODIFIED");
    assertThat(codes(full)).containsExactly("113100", "113106", "113110");
    assertThat(full.string(Tag.SOPInstanceUID)).contains("1.2.3.9");
  }

  private static List<String> codes(DataSet dataSet) {
    return dataSet.items(Tag.DeidentificationMethodCodeSequence).stream()
        .flatMap(item -> item.strings(Tag.CodeValue).stream())
        .toList();
  }

  @Test
  void modifiedDatesKeepTheDaysBetweenThemAndDifferByPatient() {
    DataSet first =
        clean(
            image("1.2.3.6").putString(Tag.AcquisitionDateTime, Vr.DT, "20240303101112.5+0100"),
            ProfileOption.RETAIN_MODIFIED_DATES);
    DataSet other =
        clean(
            image("1.2.3.7").putString(Tag.PatientID, Vr.LO, "4712"),
            ProfileOption.RETAIN_MODIFIED_DATES);
    int days = new Pseudonyms(SECRET).days("ID 4711");
    assertThat(first.string(Tag.StudyDate)).isEqualTo(Dates.date("20240301", days));
    assertThat(first.string(Tag.StudyTime)).contains("101112");
    assertThat(first.string(Tag.AcquisitionDateTime))
        .isEqualTo(Dates.dateTime("20240303101112.5+0100", days));
    assertThat(other.string(Tag.StudyDate)).isPresent().isNotEqualTo(first.string(Tag.StudyDate));
  }

  @Test
  void descriptionsAreCleanedOnRequestAndRemovedOtherwise() {
    DataSet original =
        image("1.2.3.6").putString(Tag.SeriesDescription, Vr.LO, "CT chest of Anna Miller 5mm");
    assertThat(clean(original).contains(Tag.SeriesDescription)).isFalse();
    assertThat(
            clean(
                    original.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.7"),
                    ProfileOption.CLEAN_DESCRIPTORS)
                .string(Tag.SeriesDescription))
        .contains("CT chest of [...] 5mm");
  }

  @Test
  void agesAbove89YearsBecome90() {
    DataSet original = image("1.2.3.6").putString(Tag.PatientAge, Vr.AS, "093Y");
    assertThat(clean(original, ProfileOption.RETAIN_PATIENT_CHARACTERISTICS).string(Tag.PatientAge))
        .contains("090Y");
  }

  @Test
  void safePrivateAttributesStayOnRequest() {
    DataSet original =
        image("1.2.3.6")
            .putString(0x00190011, Vr.LO, "SIEMENS MR HEADER")
            .putString(0x0019110C, Vr.IS, "1000")
            .putBytes(0x0019110D, Vr.UN, "NONE".getBytes(StandardCharsets.US_ASCII))
            .putString(0x001911FF, Vr.LO, "other");
    assertThat(clean(original).tags()).noneMatch(tag -> (tag & 0x10000) != 0);
    DataSet kept =
        clean(
            original.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.7"),
            ProfileOption.RETAIN_SAFE_PRIVATE);
    assertThat(kept.tags().stream().filter(tag -> (tag & 0x10000) != 0))
        .containsExactly(0x00190011, 0x0019110C, 0x0019110D);
    assertThat(kept.strings(0x0019110C)).containsExactly("1000");
  }

  @Test
  void structuredContentIsADummyOrCleaned() {
    DataSet title = code("126000", "DCM", "Imaging Measurement Report");
    DataSet text =
        content("TEXT", code("121071", "DCM", "Finding"))
            .putString(Tag.TextValue, Vr.UT, "Nodule in the left lung of Mrs Miller");
    DataSet name =
        content("PNAME", code("121008", "DCM", "Person Observer Name"))
            .putString(Tag.PersonName, Vr.PN, "Doe^Jane");
    DataSet number =
        content("NUM", code("Miller", "99X", "Size of Miller mass"))
            .putString(Tag.NumericValue, Vr.DS, "12.5");
    DataSet born =
        content("DATE", code("121031", "DCM", "Subject Birth Date"))
            .putString(Tag.Date, Vr.DA, "19440101");
    DataSet sr =
        object(Uids.EnhancedSRStorage, "1.2.3.6")
            .putItems(Tag.ConceptNameCodeSequence, title)
            .putItems(Tag.ContentSequence, text, name, number, born);
    List<DataSet> dummy = clean(sr).items(Tag.ContentSequence);
    assertThat(dummy).hasSize(1);
    assertThat(dummy.get(0).string(Tag.TextValue)).contains("REMOVED");
    List<DataSet> items =
        clean(
                sr.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.7"),
                ProfileOption.CLEAN_STRUCTURED_CONTENT,
                ProfileOption.RETAIN_FULL_DATES)
            .items(Tag.ContentSequence);
    assertThat(items.get(0).string(Tag.TextValue)).contains("Nodule in the left lung of [...]");
    assertThat(items.get(0).items(Tag.ConceptNameCodeSequence).get(0))
        .isEqualTo(code("121071", "DCM", "Finding"));
    assertThat(items.get(1).string(Tag.PersonName)).contains("REMOVED");
    assertThat(items.get(2).string(Tag.NumericValue)).contains("12.5");
    assertThat(items.get(2).items(Tag.ConceptNameCodeSequence).get(0).strings(Tag.CodeMeaning))
        .containsExactly("[...] of [...] mass");
    assertThat(items.get(3).string(Tag.ValueType)).contains("TEXT");
    assertThat(items.get(3).contains(Tag.Date)).isFalse();
  }

  @Test
  void graphicsAreDummiesOrKeptWithoutTheirText() {
    DataSet shape =
        new DataSet()
            .putString(Tag.GraphicAnnotationUnits, Vr.CS, "PIXEL")
            .putInts(Tag.NumberOfGraphicPoints, Vr.US, 1)
            .putDoubles(Tag.GraphicData, Vr.FL, 5, 6)
            .putString(Tag.GraphicType, Vr.CS, "POINT");
    DataSet text = new DataSet().putString(Tag.UnformattedTextValue, Vr.ST, "Miller");
    DataSet annotation =
        new DataSet()
            .putString(Tag.GraphicLayer, Vr.CS, "NOTES")
            .putItems(Tag.TextObjectSequence, text)
            .putItems(Tag.GraphicObjectSequence, shape);
    DataSet state =
        object(Uids.GrayscaleSoftcopyPresentationStateStorage, "1.2.3.6")
            .putItems(Tag.GraphicAnnotationSequence, annotation);
    DataSet dummy = clean(state).items(Tag.GraphicAnnotationSequence).get(0);
    assertThat(dummy.items(Tag.GraphicObjectSequence).get(0).numbers(Tag.GraphicData))
        .containsExactly(0.0, 0.0);
    state.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.7");
    DataSet kept =
        clean(state, ProfileOption.CLEAN_GRAPHICS).items(Tag.GraphicAnnotationSequence).get(0);
    assertThat(kept.items(Tag.GraphicObjectSequence).get(0)).isEqualTo(shape);
    assertThat(kept.items(Tag.TextObjectSequence).get(0).strings(Tag.UnformattedTextValue))
        .containsExactly("REMOVED");
  }

  @Test
  void ourOwnResultsStayMarkedAsResearch() {
    DataSet notice =
        content("TEXT", code("NOTICE", "99LLAVAMED", "Notice"))
            .putString(Tag.TextValue, Vr.UT, ResearchMark.NOTICE);
    DataSet sr =
        object(Uids.EnhancedSRStorage, "1.2.3.6")
            .putString(Tag.Manufacturer, Vr.LO, ResearchMark.MANUFACTURER)
            .putString(Tag.ContentQualification, Vr.CS, ResearchMark.CONTENT_QUALIFICATION)
            .putString(Tag.SeriesDescription, Vr.LO, ResearchMark.SERIES_DESCRIPTION + "Miller")
            .putItems(Tag.ContentSequence, notice);
    for (ProfileOption[] options :
        new ProfileOption[][] {{}, {ProfileOption.CLEAN_STRUCTURED_CONTENT}}) {
      sr.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3." + (options.length + 6));
      DataSet clean = clean(sr, options);
      assertThat(ResearchMark.isOurs(clean)).isTrue();
      assertThat(clean.string(Tag.SeriesDescription).orElseThrow())
          .startsWith(ResearchMark.SERIES_DESCRIPTION)
          .doesNotContain("Miller");
      assertThat(clean.string(Tag.ContentQualification))
          .contains(ResearchMark.CONTENT_QUALIFICATION);
      assertThat(clean.items(Tag.ContentSequence).get(0).string(Tag.TextValue))
          .contains(ResearchMark.NOTICE);
    }
  }

  @Test
  void pixelsAndTransferSyntaxStay() {
    DataSet original = object(Uids.CTImageStorage, "1.2.3.6");
    List<ByteBuffer> frames =
        List.of(ByteBuffer.wrap(new byte[] {1, 2, 3}), ByteBuffer.allocate(8));
    original.putFragments(Tag.PixelData, frames);
    Path file = folder.resolve("original.dcm");
    Part10Writer.write(original, Uids.JPEGLSLossless, file);
    Part10Object before = new Part10Reader().read(file);
    Part10Object after =
        new Part10Reader()
            .read(deidentifier.deidentify(file, folder.resolve("out"), policy()).file());
    assertThat(after.transferSyntaxUid()).isEqualTo(Uids.JPEGLSLossless);
    assertThat(new DataSet().copyFrom(after.whole(), Tag.PixelData))
        .isEqualTo(new DataSet().copyFrom(before.whole(), Tag.PixelData));
  }

  private void refused(DataSet original, String message) {
    assertThatThrownBy(() -> run(original, policy()))
        .isInstanceOf(ImagingException.class)
        .hasMessage(folder.resolve("original.dcm") + ": " + message);
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void objectsThatMayShowANameAreRefusedUnlessTheirPixelsWereChecked() {
    String advice = ". Look at the pixels, and say --pixels-checked if they name nobody.";
    DataSet burned = image("1.2.3.6").putString(Tag.BurnedInAnnotation, Vr.CS, "YES");
    refused(burned, "Burned In Annotation (0028,0301) is YES" + advice);
    DataSet capture = image("1.2.3.6");
    capture.putString(Tag.SOPClassUID, Vr.UI, Uids.SecondaryCaptureImageStorage);
    refused(
        capture,
        "this is a secondary capture, which may show anything, and Burned In Annotation (0028,0301)"
            + " is not NO"
            + advice);
    DataSet screen =
        image("1.2.3.6").putString(Tag.ImageType, Vr.CS, "DERIVED", "SECONDARY", "SCREEN SAVE");
    refused(
        screen,
        "this is a capture of a screen, and Burned In Annotation (0028,0301) is not NO" + advice);
    DataSet overlay = image("1.2.3.6").putInts(0x60020010, Vr.US, 2).putInts(0x60020102, Vr.US, 12);
    refused(overlay, "an overlay (60xx) lies in bits of the pixel data" + advice);
    Policy checked = new Policy(Set.of(), SECRET, true);
    for (DataSet object : List.of(burned, capture, screen, overlay)) {
      object.putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3." + (10 + object.hashCode() % 7));
      assertThat(run(object.putString(Tag.StudyID, Vr.SH, "x"), checked).file()).exists();
      folderIsEmptied();
    }
    assertThat(run(capture.putString(Tag.BurnedInAnnotation, Vr.CS, "NO"), policy()).file())
        .exists();
  }

  private void folderIsEmptied() {
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      for (Path file : files.toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void whatCannotBeDeidentifiedIsRefusedByName() {
    refused(
        object(Uids.EncapsulatedPDFStorage, "1.2.3.6"),
        "De-identification of an encapsulated document, which cannot be cleaned is not supported."
            + " Leave it out.");
    refused(
        object(Uids.MediaStorageDirectoryStorage, "1.2.3.6"),
        "De-identification of a directory of files (DICOMDIR), which names patients and files is"
            + " not supported. De-identify the files, then make a new one.");
    refused(
        object(Uids.CTImageStorage, "1.2.3.6").putItems(Tag.DirectoryRecordSequence),
        "De-identification of an object that refers to other files or addresses is not supported."
            + " De-identify what it refers to.");
  }

  @Test
  void whatFollowsThePixelDataHasToBeReadable() throws IOException {
    Path file = folder.resolve("original.dcm");
    Part10Writer.write(image("1.2.3.6"), Uids.ExplicitVRLittleEndian, file);
    byte[] bytes = Files.readAllBytes(file);
    byte[] longer = java.util.Arrays.copyOf(bytes, bytes.length + 13);
    System.arraycopy(
        "Miller was here".getBytes(StandardCharsets.US_ASCII), 0, longer, bytes.length, 13);
    Files.write(file, longer);
    assertThatThrownBy(() -> deidentifier.deidentify(file, folder.resolve("out"), policy()))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith(file + ": what follows the pixel data cannot be read (");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void anotherFileOfTheSameNameIsNotReplaced() throws IOException {
    Path copy = run(image("1.2.3.6"), policy()).file();
    byte[] bytes = Files.readAllBytes(copy);
    DataSet other = image("1.2.3.6").putInts(Tag.Rows, Vr.US, 2);
    assertThatThrownBy(() -> run(other, policy()))
        .isInstanceOf(ImagingException.class)
        .hasMessage(copy + ": another file is there already. Write to an empty folder.");
    assertThat(copy).hasBinaryContent(bytes);
    try (Stream<Path> files = Files.list(folder.resolve("out"))) {
      assertThat(files).containsExactly(copy);
    }
  }

  @Test
  void aUidThatIsNoneDoesNotBecomeAFileName() {
    DataSet original = image("1.2.3.6");
    original.putBytes(Tag.SOPInstanceUID, Vr.UI, "../../1.2.3".getBytes(StandardCharsets.US_ASCII));
    assertThatThrownBy(() -> run(original, policy(ProfileOption.RETAIN_UIDS)))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("SOP Instance UID (0008,0018) is no UID");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  /** Damaged files give a named error or a copy, never anything else. */
  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3})
  void damagedFilesGiveANamedErrorOrACopy(int round) throws IOException {
    System.out.println("Seed " + (SEED + round));
    Random random = new Random(SEED + round);
    Path file = folder.resolve("original.dcm");
    DataSet inner = image("1.2.3.7");
    Part10Writer.write(
        image("1.2.3.6").putItems(Tag.ReferencedImageSequence, inner),
        Uids.ExplicitVRLittleEndian,
        file);
    byte[] sound = Files.readAllBytes(file);
    int refused = 0;
    for (int i = 0; i < 250; i++) {
      byte[] bytes = sound.clone();
      for (int j = 0; j <= random.nextInt(4); j++) {
        bytes[132 + random.nextInt(bytes.length - 132)] = (byte) random.nextInt(256);
      }
      Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - random.nextInt(2) * i));
      try {
        Policy policy = new Policy(EnumSet.of(ProfileOption.CLEAN_DESCRIPTORS), SECRET, true);
        assertThat(deidentifier.deidentify(file, folder.resolve("out" + i), policy).file())
            .exists();
      } catch (ImagingException e) {
        refused++;
      }
    }
    assertThat(refused).isBetween(50, 249);
  }
}
