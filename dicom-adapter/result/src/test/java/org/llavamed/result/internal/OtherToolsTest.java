package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.Annotation;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;
import org.llavamed.annotation.ResultWriter.Written;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.DicomObject;

/** What other people's programs say of objects written from made and from real sources. */
final class OtherToolsTest {
  /** Real files, relative to the folder of shared data: CT, MR, US, CR, SM and OT. */
  private static final List<String> REAL =
      List.of(
          "cornerstone-wado/CT1_J2KR",
          "pydicom/CT_small.dcm",
          "pydicom/MR_small_RLE.dcm",
          "pydicom/4588",
          "pydicom-data/color-px.dcm",
          "pydicom/ExplVR_BigEnd.dcm",
          "pydicom/examples_ybr_color.dcm",
          "pydicom/6154",
          "pylibjpeg-data/RG2_JLSN.dcm",
          "highdicom/sm_image_control.dcm",
          "highdicom/sm_image_grayscale.dcm",
          "pydicom/SC_rgb_rle_2frame.dcm",
          "pydicom-data/SC_rgb_expb.dcm",
          "pydicom-data/parametric_map_double_float.dcm",
          "pydicom/rtdose.dcm");

  /** The one error that is accepted: an illegal Study Instance UID of the source is kept. */
  private static final String STUDY_UID = "Study Instance UID";

  private static final String SUMMARY =
      "Error - Dicom dataset contains invalid data values for Value Representations";

  private static final Path PIXELMED = Path.of("/usr/share/java/pixelmed.jar");

  @TempDir static Path folder;
  private static final List<Path> DOCUMENTS = new ArrayList<>();
  private static final List<Path> CAPTURES = new ArrayList<>();
  private static final List<Path> MEASUREMENT_REPORTS = new ArrayList<>();

  @BeforeAll
  static void writeObjects() {
    made().forEach(OtherToolsTest::write);
    Path shared = Path.of(System.getProperty("shared.data", "")).resolve("dicom");
    if (!Files.isDirectory(shared)) {
      System.out.println("SKIPPED: no shared data in " + shared + ": real sources are left out");
      return;
    }
    for (String name : REAL) {
      if (Files.exists(shared.resolve(name))) {
        write(Sources.annotation(reading(new Part10Reader().read(shared.resolve(name)))));
      } else {
        System.out.println("SKIPPED: " + shared.resolve(name) + " is missing");
      }
    }
  }

  private static void write(Annotation annotation) {
    Written written =
        new DicomResultWriter("0.1.0", Optional.empty())
            .write(annotation, EnumSet.of(Format.SR, Format.REPORT, Format.SC), folder);
    for (ResultFile file : written.files()) {
      (file.format() == Format.SC ? CAPTURES : DOCUMENTS).add(file.file());
      if (file.format() == Format.SR) {
        MEASUREMENT_REPORTS.add(file.file());
      }
    }
  }

  private static Reading reading(DicomObject object) {
    int frames = object.attributes().integer(Tag.NumberOfFrames).orElse(1);
    int channels = object.attributes().integer(Tag.SamplesPerPixel).orElse(1);
    return new Reading(
        object,
        frames - 1,
        frames,
        Sources.picture(64, 48, channels, 180),
        Sources.findings("Brain"));
  }

  private static List<Annotation> made() {
    DataSet poor =
        new DataSet()
            .putString(Tag.SOPClassUID, Vr.UI, Uids.CTImageStorage)
            .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3.4.7.1")
            .putString(Tag.StudyInstanceUID, Vr.UI, "1.2.3.4")
            .putString(Tag.SeriesInstanceUID, Vr.UI, "1.2.3.4.7");
    DataSet faulty =
        raw(
            raw(Sources.header(), Tag.PatientBirthDate, Vr.DA, "1950-1-1"),
            Tag.StudyTime,
            Vr.TM,
            "25:00");
    raw(raw(faulty, Tag.PatientSex, Vr.CS, "male"), Tag.StudyDescription, Vr.LO, "x".repeat(99));
    raw(faulty, Tag.StudyInstanceUID, Vr.UI, "1.02.3");
    DataSet words =
        Sources.header()
            .putString(Tag.PatientName, Vr.PN, "Yamada^Tarou=山田^太郎=やまだ^たろう")
            .putString(Tag.SeriesDescription, Vr.LO, "äöü \"quoted\" <b>&amp;</b>");
    Reading strange =
        new Reading(
            Sources.object("strange.dcm", words),
            0,
            1,
            Sources.picture(700, 30, 3, 0),
            Sources.findings("\u001b line one\nline two \\ 山 <script>"));
    return List.of(
        Sources.annotation(),
        Sources.annotation(reading(Sources.object("poor.dcm", poor))),
        Sources.annotation(reading(Sources.object("faulty.dcm", faulty))),
        Sources.annotation(strange));
  }

  private static DataSet raw(DataSet header, int tag, Vr vr, String value) {
    return header.putBytes(tag, vr, value.getBytes(java.nio.charset.StandardCharsets.US_ASCII));
  }

  @Test
  void dciodvfyFindsNoErrorButAnIllegalStudyUidThatWasKept() throws Exception {
    Tool dciodvfy = new Tool("dciodvfy");
    dciodvfy.requireInstalled("dicom3tools");
    for (Path file : all()) {
      List<String> errors = dciodvfy.run(List.of(file)).beginningWith("Error", "Abort");
      boolean illegal =
          new Part10Reader()
              .read(file)
              .attributes()
              .string(Tag.StudyInstanceUID)
              .flatMap(UidForm::problem)
              .isPresent();

      assertThat(errors)
          .as(file.toString())
          .allMatch(error -> illegal && (error.contains(STUDY_UID) || error.equals(SUMMARY)));
    }
  }

  @Test
  void dsrdumpReadsEveryDocumentWithoutError() throws Exception {
    Tool dsrdump = new Tool("dsrdump");
    dsrdump.requireInstalled("dcmtk");
    for (Path file : DOCUMENTS) {
      Tool.Output output = dsrdump.run(List.of(file));

      assertThat(output.exitCode()).as(file.toString()).isZero();
      assertThat(output.beginningWith("E:", "F:")).as(file.toString()).isEmpty();
      assertThat(output.lines()).anyMatch(line -> line.contains("RESEARCH USE ONLY"));
    }
  }

  @Test
  void dcmtkShowsEverySecondaryCapture() throws Exception {
    Tool dcm2pnm = new Tool("dcm2pnm");
    dcm2pnm.requireInstalled("dcmtk");
    for (Path file : CAPTURES) {
      Path picture = folder.resolve("capture.pnm");
      Tool.Output output = dcm2pnm.run(List.of(file, picture));

      assertThat(output.exitCode()).as(file.toString()).isZero();
      assertThat(Files.size(picture)).isGreaterThan(100_000);
      Files.delete(picture);
    }
  }

  @Test
  void pydicomReadsEveryObject() throws Exception {
    String script =
        """
        import sys, pydicom
        for name in sys.argv[1:]:
            d = pydicom.dcmread(name)
            str(d)
            assert d.ContentQualification == 'RESEARCH', name
            assert str(d.PatientName) is not None
            if d.Modality == 'OT':
                assert len(d.PixelData) >= d.Rows * d.Columns * d.SamplesPerPixel, name
        print('read', len(sys.argv) - 1)
        """;
    Tool python = new Tool("/usr/bin/python3", "-W", "error", "-c", script);
    Tool.skipUnless(
        Files.isExecutable(Path.of("/usr/bin/python3"))
            && new Tool("/usr/bin/python3", "-c", "import pydicom").run(List.of()).exitCode() == 0,
        "pydicom is not installed (Debian package python3-pydicom): its check is left out");
    List<Path> files = legal();

    Tool.Output output = python.run(files);

    assertThat(output.lines()).containsExactly("read " + files.size());
    assertThat(output.exitCode()).isZero();
  }

  @Test
  void pixelMedFindsNoErrorInTheTemplate() throws Exception {
    Tool.skipUnless(
        Files.exists(PIXELMED),
        "%s is missing (Debian package libpixelmed-java): the check of TID 1500 is left out"
            .formatted(PIXELMED));
    Tool validator =
        new Tool(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djdk.xml.xpathExprOpLimit=0",
            "-Djdk.xml.xpathTotalOpLimit=0",
            "-Djdk.xml.xpathExprGrpLimit=0",
            "-cp",
            PIXELMED.toString(),
            "com.pixelmed.validate.DicomSRValidator");
    List<Path> few =
        List.of(
            MEASUREMENT_REPORTS.get(0), MEASUREMENT_REPORTS.get(MEASUREMENT_REPORTS.size() - 1));
    for (Path file : few) {
      Tool.Output output = validator.run(List.of(file));

      assertThat(output.lines()).contains("Found Root Template TID_1500 (MeasurementReport)");
      assertThat(output.lines()).contains("IOD validation complete");
      assertThat(output.beginningWith("Error")).as(file.toString()).isEmpty();
    }
  }

  private static List<Path> all() {
    List<Path> files = new ArrayList<>(DOCUMENTS);
    files.addAll(CAPTURES);
    return files;
  }

  /** Without the objects whose illegal Study UID was kept: pydicom warns of them. */
  private static List<Path> legal() throws IOException {
    return all().stream()
        .filter(
            file ->
                new Part10Reader()
                    .read(file)
                    .attributes()
                    .string(Tag.StudyInstanceUID)
                    .flatMap(UidForm::problem)
                    .isEmpty())
        .toList();
  }
}
