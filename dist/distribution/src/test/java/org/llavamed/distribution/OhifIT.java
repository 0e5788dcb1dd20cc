package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.distribution.OhifViewer.Seen;
import org.llavamed.distribution.Product.Outcome;

/**
 * What a reader sees of all result objects in the real OHIF viewer: the viewer as npm has it, in
 * Debian's Chromium, on Orthanc. Nothing leaves the loopback interface.
 */
final class OhifIT {
  private static final Path SOURCES = Path.of("src/test/ohif");
  private static final Npm NPM = new Npm(SOURCES, Path.of("target/ohif"));
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String ALL = "json,sr,report,sc,pdf,gsps,ko,mfsc";

  private static final int SR = 9901;
  private static final int REPORT = 9902;
  private static final int SC = 9903;
  private static final int PDF = 9904;
  private static final int STATE = 9905;
  private static final int KO = 9906;
  private static final int MFSC = 9907;

  /** The series of the sources, which are shown between those that have nothing to show. */
  private static final int SOURCE = 2;

  private static final int COLOUR_SOURCE = 1;

  /** In which order the series are opened. */
  private static final List<Integer> ORDER =
      List.of(REPORT, SC, MFSC, PDF, SOURCE, STATE, KO, SR, SOURCE);

  private static final List<Integer> COLOUR_ORDER = List.of(SC, MFSC, COLOUR_SOURCE, STATE);

  @TempDir static Path folder;
  private static Path results;
  private static Path earlier;
  private static Path colourResults;
  private static OhifViewer viewer;
  private static OhifViewer colourViewer;

  /** The study of {@link #viewer}, with the report that was revised. */
  private static OhifViewer viewerOfBothReports;

  @BeforeAll
  static void lookAtEverySeries() throws Exception {
    results = folder.resolve("results");
    colourResults = folder.resolve("results-colour");
    Npm.skipUnless(
        Files.isExecutable(Path.of("/usr/bin/chromium")),
        "Chromium is not installed (Debian package chromium): OHIF is not opened");
    Archive.requireInstalled();
    NPM.install("look.mjs");
    JsonNode app = JSON.readTree(SOURCES.resolve("package.json").toFile()).path("viewer");
    Path unpacked = NPM.unpack(app.path("package").asText(), app.path("integrity").asText());
    Path brain = Samples.shipped().resolve("mr-brain");
    // The study is annotated again when all its pictures are there: a revision of the report.
    annotate(brain.resolve("brain_001.dcm"), results, "report");
    earlier = file(results, "_report.dcm");
    annotate(brain, results, ALL);
    earlier = Files.move(earlier, folder.resolve("earlier.dcm"));
    annotate(Samples.colour(), colourResults, ALL);
    int port = Archive.freePort();
    try (Archive archive = Archive.start(folder, port);
        ViewerServer server =
            ViewerServer.start(
                port, unpacked.resolve("dist"), SOURCES.resolve("app-config.js"), archive.root())) {
      store(archive, brain, results, Samples.colour(), colourResults);
      viewer = look(server, results, ORDER);
      colourViewer = look(server, colourResults, COLOUR_ORDER);
      store(archive, earlier);
      viewerOfBothReports = look(server, results, List.of(REPORT));
    }
  }

  private static void annotate(Path study, Path out, String formats) {
    Outcome outcome =
        Product.run(
            folder, "annotate", study.toString(), "--out", out.toString(), "--format", formats);
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  private static void store(Archive archive, Path... places) throws Exception {
    for (Path place : places) {
      for (Path file : Product.files(place)) {
        if (file.toString().endsWith(".dcm")) {
          archive.store(file);
        }
      }
    }
  }

  private static OhifViewer look(ViewerServer server, Path of, List<Integer> order)
      throws IOException {
    String study = object(of, "_sr.dcm").string(Tag.StudyInstanceUID).orElseThrow();
    return OhifViewer.look(
        NPM, server.port(), study, Files.createTempDirectory(folder, "seen"), order);
  }

  @Test
  void everyQuestionAndAnswerOfARevisedReportIsReadBackInOrder() throws IOException {
    DataSet revised = new Part10Reader().read(earlier).attributes();
    DataSet revision = object(results, "_report002.dcm");
    assertThat(revision.string(Tag.SeriesInstanceUID))
        .isEqualTo(revised.string(Tag.SeriesInstanceUID));
    assertThat(predecessor(revision)).isEqualTo(revised.string(Tag.SOPInstanceUID));
    assertAnswers(viewer.first(REPORT).text());
  }

  /** Documented in docs/results.md: the viewer shows the first document of a series alone. */
  @Test
  void ofAReportAndItsRevisionTheFormerIsSeenInAViewerThatStaysAlive() {
    Seen report = viewerOfBothReports.first(REPORT);
    assertThat(report.alive()).isTrue();
    assertThat(viewer.first(REPORT).text()).contains(", image 4 ").doesNotContain(", image 1 ");
    assertThat(report.text()).contains(", image 1 ").doesNotContain(", image 4 ");
  }

  private static Optional<String> predecessor(DataSet revision) {
    DataSet study = revision.items(Tag.PredecessorDocumentsSequence).get(0);
    DataSet series = study.items(Tag.ReferencedSeriesSequence).get(0);
    return series.items(Tag.ReferencedSOPSequence).get(0).string(Tag.ReferencedSOPInstanceUID);
  }

  private static void assertAnswers(String page) throws IOException {
    JsonNode annotation = JSON.readTree(file(results, ".json").toFile());
    int from = 0;
    int answers = 0;
    for (JsonNode picture : annotation.path("pictures")) {
      for (JsonNode finding : picture.path("findings")) {
        String line =
            "Question: %s Answer: %s "
                .formatted(finding.path("question").asText(), finding.path("answer").asText());
        assertThat(page.indexOf(line, from)).as(line).isGreaterThanOrEqualTo(from);
        from = page.indexOf(line, from) + line.length();
        answers++;
      }
    }
    assertThat(answers).isEqualTo(9);
    assertThat(page.split("Question: ", -1)).as("no other question").hasSize(answers + 1);
    assertThat(page).contains("Notice: RESEARCH USE ONLY - NOT FOR CLINICAL USE");
  }

  @Test
  void aSecondaryCaptureIsSeenWithItsNotice() {
    assertShown(viewer.first(SC), file(results, "_sc001.dcm"));
  }

  @Test
  void theFirstFrameOfAMultiFrameCaptureIsSeenWithItsNotice() {
    assertShown(viewer.first(MFSC), file(results, "_mfsc001.dcm"));
  }

  @Test
  void aColourCaptureIsSeenInItsColoursWithItsNotice() {
    Path capture = file(colourResults, "_sc001.dcm");
    assertShown(colourViewer.first(SC), capture);
    assertColours(colourViewer.first(SC), capture);
  }

  @Test
  void aMultiFrameColourCaptureIsSeenInItsColoursWithItsNotice() {
    Path capture = file(colourResults, "_mfsc001.dcm");
    assertShown(colourViewer.first(MFSC), capture);
    assertColours(colourViewer.first(MFSC), capture);
  }

  private static void assertShown(Seen seen, Path file) {
    GreyImage capture = GreyImage.of(FirstFrame.of(file));
    GreyImage viewport = seen.grey();
    Rectangle place = place(capture, viewport);
    GreyImage shown = viewport.part(place);
    GreyImage expected = capture.scaledTo(place.width, place.height);
    Rectangle notice = new Rectangle(0, 0, place.width, 32 * place.height / capture.height());
    double whole = shown.likeness(expected);
    double ofNotice = shown.part(notice).likeness(expected.part(notice));
    System.out.printf(
        "OHIF: %s is seen, likeness %.3f, notice %.3f%n", file.getFileName(), whole, ofNotice);
    assertThat(whole).isGreaterThan(0.85);
    assertThat(ofNotice).isGreaterThan(0.7);
  }

  private static void assertColours(Seen seen, Path file) {
    GreyImage expected = GreyImage.redLessBlue(FirstFrame.of(file));
    GreyImage viewport = GreyImage.redLessBlue(seen.pane());
    Rectangle place = place(expected, viewport);
    double likeness = viewport.part(place).likeness(expected.scaledTo(place.width, place.height));
    System.out.printf("OHIF: %s, likeness of colours %.3f%n", file.getFileName(), likeness);
    assertThat(likeness).isGreaterThan(0.85);
  }

  private static Rectangle place(GreyImage picture, GreyImage viewport) {
    return GreyImage.fitted(
        picture.width(), picture.height(), new Rectangle(viewport.width(), viewport.height()));
  }

  @Test
  void thePdfIsSeenWithItsNotice() throws IOException {
    GreyImage viewport = viewer.first(PDF).grey();
    GreyImage page = page();
    Rectangle seenBar = viewport.bar();
    Rectangle bar = page.bar();
    double scale = (double) seenBar.width / bar.width;
    GreyImage expected = page.scaledTo((int) (page.width() * scale), (int) (page.height() * scale));
    int left = (int) Math.round(bar.x * scale);
    int top = (int) Math.round(bar.y * scale);
    Rectangle shown =
        new Rectangle(seenBar.x, seenBar.y, seenBar.width, viewport.height() - seenBar.y - 1);
    Rectangle same = new Rectangle(left, top, shown.width, shown.height);
    Rectangle notice = new Rectangle(0, 0, shown.width, (int) (shown.width * 0.04));
    GreyImage found = viewport.part(shown);
    double whole = found.likeness(expected.part(same));
    double ofNotice = found.part(notice).likeness(expected.part(same).part(notice));
    System.out.printf("OHIF: the PDF is seen, likeness %.3f, notice %.3f%n", whole, ofNotice);
    assertThat(seenBar.width).isGreaterThan(300);
    assertThat(whole).isGreaterThan(0.85);
    assertThat(ofNotice).isGreaterThan(0.5);
  }

  /** The first page, as PDFBox draws it. */
  private static GreyImage page() throws IOException {
    ByteBuffer document = object(results, "_pdf.dcm").bytes(Tag.EncapsulatedDocument);
    byte[] bytes = new byte[document.remaining()];
    document.get(bytes);
    try (PDDocument pdf = Loader.loadPDF(bytes)) {
      return GreyImage.of(new PDFRenderer(pdf).renderImage(0, 2));
    }
  }

  @Test
  void presentationStateAndKeyObjectsLeaveThePictureThatIsShown() {
    assertLeavesThePicture(viewer, SOURCE, STATE);
    assertLeavesThePicture(viewer, SOURCE, KO);
  }

  @Test
  void aColourPresentationStateLeavesThePictureThatIsShown() {
    assertLeavesThePicture(colourViewer, COLOUR_SOURCE, STATE);
    assertColours(colourViewer.first(STATE), Samples.colour());
  }

  private static void assertLeavesThePicture(OhifViewer in, int source, int number) {
    GreyImage shown = in.first(source).grey();
    assertThat(shown.lit()).isGreaterThan(0.1);
    assertThat(in.first(number).alive()).isTrue();
    assertThat(in.first(number).grey().likeness(shown)).as("series " + number).isGreaterThan(0.95);
  }

  /** Documented in docs/results.md: why there is a report for readers beside it. */
  @Test
  void theDocumentForProgramsIsABlankPaneInAViewerThatStaysAlive() {
    Seen document = viewer.first(SR);
    assertThat(document.alive()).isTrue();
    assertThat(document.text()).doesNotContain("Question:");
    assertThat(document.grey().lit()).isLessThan(0.05);
    Seen after = viewer.last(SOURCE);
    assertThat(after.alive()).isTrue();
    assertThat(after.grey().likeness(viewer.first(SOURCE).grey())).isGreaterThan(0.95);
  }

  @Test
  void theViewerIsAliveAfterEverySeries() {
    assertThat(viewer.series()).hasSize(ORDER.size()).allMatch(Seen::alive);
    assertThat(colourViewer.series()).hasSize(COLOUR_ORDER.size()).allMatch(Seen::alive);
  }

  private static DataSet object(Path of, String end) {
    return new Part10Reader().read(file(of, end)).attributes();
  }

  private static Path file(Path of, String end) {
    return Product.files(of).stream()
        .filter(file -> file.toString().endsWith(end))
        .findFirst()
        .orElseThrow();
  }
}
