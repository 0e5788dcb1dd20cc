package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.Rectangle;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import javax.imageio.ImageIO;
import org.apache.pdfbox.Loader;
import org.apache.pdfbox.pdmodel.PDDocument;
import org.apache.pdfbox.rendering.PDFRenderer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.distribution.Product.Outcome;
import org.llavamed.imaging.DicomObject;

/**
 * What a reader sees of all result objects in the real OHIF viewer: the viewer as npm has it, in
 * Debian's Chromium, on Orthanc. Nothing leaves the loopback interface.
 */
final class OhifIT {
  private static final Path SOURCES = Path.of("src/test/ohif");
  private static final Npm NPM = new Npm(SOURCES, Path.of("target/ohif"));
  private static final ObjectMapper JSON = new ObjectMapper();

  private static final int SR = 9901;
  private static final int REPORT = 9902;
  private static final int SC = 9903;
  private static final int PDF = 9904;
  private static final int GSPS = 9905;
  private static final int KO = 9906;
  private static final int MFSC = 9907;

  /** The series of the source, which is shown between those that have nothing to show. */
  private static final int SOURCE = 2;

  /** In which order the series are opened. */
  private static final List<Integer> ORDER =
      List.of(REPORT, SC, MFSC, PDF, SOURCE, GSPS, KO, SR, SOURCE);

  /** What was seen of a series. */
  private record Seen(JsonNode report, GreyImage viewport) {
    String text() {
      return report.path("text").asText().replaceAll("\\s+", " ");
    }

    boolean alive() {
      return report.path("alive").asBoolean();
    }
  }

  @TempDir static Path folder;
  private static final Map<Integer, Seen> SEEN = new HashMap<>();
  private static final List<Seen> SOURCES_SEEN = new ArrayList<>();
  private static Path results;

  @BeforeAll
  static void lookAtEverySeries() throws Exception {
    results = folder.resolve("results");
    Npm.skipUnless(
        Files.isExecutable(Path.of("/usr/bin/chromium")),
        "Chromium is not installed (Debian package chromium): OHIF is not opened");
    Archive.requireInstalled();
    NPM.install("look.mjs");
    JsonNode viewer = JSON.readTree(SOURCES.resolve("package.json").toFile()).path("viewer");
    Path unpacked = NPM.unpack(viewer.path("package").asText(), viewer.path("integrity").asText());
    annotate();
    int port = Archive.freePort();
    try (Archive archive = Archive.start(folder, port);
        ViewerServer server =
            ViewerServer.start(
                port, unpacked.resolve("dist"), SOURCES.resolve("app-config.js"), archive.root())) {
      for (Path file : Product.files(Samples.shipped().resolve("mr-brain"))) {
        archive.store(file);
      }
      for (Path file : files(".dcm")) {
        archive.store(file);
      }
      look(server.port());
    }
  }

  private static void annotate() {
    Outcome outcome =
        Product.run(
            folder,
            "annotate",
            Samples.shipped().resolve("mr-brain").toString(),
            "--out",
            results.toString(),
            "--format",
            "json,sr,report,sc,pdf,gsps,ko,mfsc");
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  private static void look(int port) throws IOException {
    List<String> command = new ArrayList<>(List.of("node", "look.mjs"));
    command.add("http://127.0.0.1:" + port);
    command.add(object("_report.dcm").string(Tag.StudyInstanceUID).orElseThrow());
    command.add(folder.toString());
    ORDER.forEach(number -> command.add(Integer.toString(number)));
    Outcome outcome = NPM.run(command.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode report = JSON.readTree(outcome.out());
    System.out.println("OHIF in Chromium " + report.path("chromium").asText());
    for (JsonNode series : report.path("seen")) {
      GreyImage page =
          GreyImage.of(ImageIO.read(Path.of(series.path("picture").asText()).toFile()));
      JsonNode box = series.path("viewport");
      Seen seen =
          new Seen(
              series,
              page.part(
                  new Rectangle(
                      box.path("x").asInt(),
                      box.path("y").asInt(),
                      box.path("width").asInt(),
                      box.path("height").asInt())));
      int number = series.path("number").asInt();
      SEEN.put(number, seen);
      if (number == SOURCE) {
        SOURCES_SEEN.add(seen);
      }
    }
  }

  @Test
  void everyQuestionAndAnswerOfTheReportIsReadBackInOrder() throws IOException {
    String page = seen(REPORT).text();
    JsonNode annotation = JSON.readTree(files(".json").get(0).toFile());
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
    assertThat(page).contains("Notice: RESEARCH USE ONLY - NOT FOR CLINICAL USE");
  }

  @Test
  void aSecondaryCaptureIsSeenWithItsNotice() {
    assertShown(SC, "_sc001.dcm");
  }

  @Test
  void theFirstFrameOfAMultiFrameCaptureIsSeenWithItsNotice() {
    assertShown(MFSC, "_mfsc001.dcm");
  }

  private static void assertShown(int number, String file) {
    GreyImage capture = capture(file);
    GreyImage viewport = seen(number).viewport();
    Rectangle place =
        GreyImage.fitted(
            capture.width(), capture.height(), new Rectangle(viewport.width(), viewport.height()));
    GreyImage shown = viewport.part(place);
    GreyImage expected = capture.scaledTo(place.width, place.height);
    Rectangle notice = new Rectangle(0, 0, place.width, 32 * place.height / capture.height());
    double whole = shown.likeness(expected);
    double ofNotice = shown.part(notice).likeness(expected.part(notice));
    System.out.printf("OHIF: %s is seen, likeness %.3f, notice %.3f%n", file, whole, ofNotice);
    assertThat(whole).isGreaterThan(0.85);
    assertThat(ofNotice).isGreaterThan(0.7);
  }

  private static GreyImage capture(String file) {
    DicomObject object = new Part10Reader().read(files(file).get(0));
    int width = object.attributes().integer(Tag.Columns).orElseThrow();
    int height = object.attributes().integer(Tag.Rows).orElseThrow();
    ByteBuffer pixels = object.pixelData().orElseThrow().slice(0, width * height);
    return new GreyImage(width, height, (x, y) -> pixels.get(y * width + x) & 0xff);
  }

  @Test
  void thePdfIsSeenWithItsNotice() throws IOException {
    GreyImage viewport = seen(PDF).viewport();
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
    ByteBuffer document = object("_pdf.dcm").bytes(Tag.EncapsulatedDocument);
    byte[] bytes = new byte[document.remaining()];
    document.get(bytes);
    try (PDDocument pdf = Loader.loadPDF(bytes)) {
      return GreyImage.of(new PDFRenderer(pdf).renderImage(0, 2));
    }
  }

  @Test
  void presentationStateAndKeyObjectsLeaveThePictureThatIsShown() {
    GreyImage source = SOURCES_SEEN.get(0).viewport();
    assertThat(source.lit()).isGreaterThan(0.1);
    for (int number : new int[] {GSPS, KO}) {
      assertThat(seen(number).alive()).isTrue();
      assertThat(seen(number).viewport().likeness(source))
          .as("series " + number)
          .isGreaterThan(0.95);
    }
  }

  /** Documented in docs/results.md: why there is a report for readers beside it. */
  @Test
  void theDocumentForProgramsIsABlankPaneInAViewerThatStaysAlive() {
    assertThat(seen(SR).alive()).isTrue();
    assertThat(seen(SR).text()).doesNotContain("Question:");
    assertThat(seen(SR).viewport().lit()).isLessThan(0.05);
    assertThat(SOURCES_SEEN.get(1).alive()).isTrue();
    assertThat(SOURCES_SEEN.get(1).viewport().likeness(SOURCES_SEEN.get(0).viewport()))
        .isGreaterThan(0.95);
  }

  @Test
  void theViewerIsAliveAfterEverySeries() {
    assertThat(SEEN).hasSize(ORDER.size() - 1);
    assertThat(SEEN.values()).allMatch(Seen::alive);
  }

  private static Seen seen(int number) {
    return Objects.requireNonNull(SEEN.get(number));
  }

  private static DataSet object(String end) {
    return new Part10Reader().read(files(end).get(0)).attributes();
  }

  private static List<Path> files(String end) {
    return Product.files(results).stream().filter(file -> file.toString().endsWith(end)).toList();
  }
}
