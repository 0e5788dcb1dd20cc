package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
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
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.Rendering.Window;

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

  /** A slice that ships with the product. */
  private static final Path SAMPLE = Path.of("../../dist/samples/mr-brain/brain_011.dcm");

  private static final Path PIXELMED = Path.of("/usr/share/java/pixelmed.jar");

  @TempDir static Path folder;
  private static final Map<Format, List<Path>> FILES = new EnumMap<>(Format.class);

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
        Sources.writer().write(annotation, EnumSet.complementOf(EnumSet.of(Format.JSON)), folder);
    for (ResultFile file : written.files()) {
      FILES.computeIfAbsent(file.format(), format -> new ArrayList<>()).add(file.file());
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
    for (Path file : of(Format.SR, Format.REPORT, Format.KO)) {
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
    for (Path file : of(Format.SC, Format.MFSC)) {
      Path picture = folder.resolve("capture.pnm");
      Tool.Output output = dcm2pnm.run(List.of(file, picture));

      assertThat(output.exitCode()).as(file.toString()).isZero();
      assertThat(Files.size(picture)).isGreaterThan(100_000);
      Files.delete(picture);
    }
  }

  @Test
  void popplerReadsNoticeQuestionsAndAnswersOfEveryPdf() throws Exception {
    Tool pdftotext = new Tool("pdftotext", "-layout");
    pdftotext.requireInstalled("poppler-utils");
    for (Path file : of(Format.PDF)) {
      Path document = folder.resolve("document.pdf");
      var bytes = new Part10Reader().read(file).attributes().bytes(Tag.EncapsulatedDocument);
      byte[] pdf = new byte[bytes.remaining()];
      bytes.get(pdf);
      Files.write(document, pdf);
      Path text = folder.resolve("document.txt");
      Tool.Output output = pdftotext.run(List.of(document, text));

      assertThat(output.exitCode()).as(file.toString()).isZero();
      assertThat(output.lines()).as(file.toString()).isEmpty();
      String read = Files.readString(text);
      for (String page : read.strip().split("\f", -1)) {
        assertThat(page.split("RESEARCH USE ONLY - NOT FOR CLINICAL USE", -1)).hasSize(3);
      }
      assertThat(read.replaceAll("\\s+", " "))
          .contains("Question: " + Sources.openQuestion().text())
          .contains("Answer: No", "not calibrated: 93.1 %", "Model SHA-256: 0123456789abcdef");
    }
  }

  @Test
  void dcmtkAppliesTheGreyPresentationStateOfARealPicture() throws Exception {
    Tool dcmp2pgm = new Tool("dcmp2pgm", "-p");
    dcmp2pgm.requireInstalled("dcmtk");
    DicomObject brain = new Part10Reader().read(SAMPLE);
    Window window =
        new Window(
            brain.attributes().number(Tag.WindowCenter).orElseThrow(),
            brain.attributes().number(Tag.WindowWidth).orElseThrow());
    RenderedFrame shown =
        new RenderedFrame(
            Sources.picture(64, 48, 1, 180).picture(),
            new Rendering(Rendering.Rule.FILE_WINDOW, Optional.of(window)));
    Reading reading = new Reading(brain, 0, 1, shown, Sources.findings("Brain"));
    Written written =
        Sources.writer().write(Sources.annotation(reading), EnumSet.of(Format.GSPS), folder);
    Path presented = folder.resolve("presented.pgm");
    Tool.Output output = dcmp2pgm.run(List.of(written.files().get(0).file(), SAMPLE, presented));
    assertThat(output.exitCode()).as(output.lines().toString()).isZero();
    assertThat(output.beginningWith("E:", "F:", "W:")).isEmpty();

    Path plain = folder.resolve("plain.pgm");
    Tool dcm2pnm = new Tool("dcm2pnm", "+Wi", "1");
    assertThat(dcm2pnm.run(List.of(SAMPLE, plain)).exitCode()).isZero();
    assertThat(pixels(presented)).isEqualTo(pixels(plain));
  }

  /** The pixels of a PGM file; comments stand in its head. */
  private static byte[] pixels(Path file) throws IOException {
    byte[] pgm = Files.readAllBytes(file);
    DataSet sample = new Part10Reader().read(SAMPLE).attributes();
    int size = sample.integer(Tag.Rows).orElseThrow() * sample.integer(Tag.Columns).orElseThrow();
    assertThat(pgm).startsWith('P', '5').hasSizeGreaterThan(size);
    return Arrays.copyOfRange(pgm, pgm.length - size, pgm.length);
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
                size = d.Rows * d.Columns * d.SamplesPerPixel * d.get('NumberOfFrames', 1)
                assert len(d.PixelData) in (size, size + 1), name
            if d.Modality == 'DOC':
                assert d.EncapsulatedDocument[:5] == b'%PDF-', name
                assert len(d.EncapsulatedDocument) - d.EncapsulatedDocumentLength in (0, 1), name
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
  void pixelMedFindsNoErrorInTheDocuments() throws Exception {
    Tool.skipUnless(
        Files.exists(PIXELMED),
        "%s is missing (Debian package libpixelmed-java): its check of the documents is left out"
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
    Map<Format, String> recognised =
        Map.of(
            Format.SR, "Found Root Template TID_1500 (MeasurementReport)",
            Format.REPORT, "Found EnhancedSR IOD");
    for (Format format : recognised.keySet()) {
      for (Path file : firstAndLast(format)) {
        Tool.Output output = validator.run(List.of(file));

        assertThat(output.lines()).contains(recognised.get(format), "IOD validation complete");
        assertThat(output.beginningWith("Error")).as(file.toString()).isEmpty();
      }
    }
  }

  /** The validator takes seconds for each. */
  private static List<Path> firstAndLast(Format format) {
    List<Path> files = of(format);
    return List.of(files.get(0), files.get(files.size() - 1));
  }

  private static List<Path> all() {
    return of(FILES.keySet().toArray(Format[]::new));
  }

  private static List<Path> of(Format... formats) {
    return List.of(formats).stream()
        .flatMap(format -> FILES.getOrDefault(format, List.of()).stream())
        .toList();
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
