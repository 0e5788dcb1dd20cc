package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.distribution.Product.Outcome;

/** What other implementations of the standard say about the objects that the product writes. */
final class CheckersIT {
  private static final Path PIXELMED = Path.of("/usr/share/java/pixelmed.jar");

  /** The system's Python has Debian's pydicom; one found earlier on the path may not. */
  private static final String PYTHON = "/usr/bin/python3";

  /** The validator's style sheets exceed the limits that the JDK sets by default. */
  private static final String NO_XPATH_LIMITS =
      "-Djdk.xml.xpathExprOpLimit=0 -Djdk.xml.xpathTotalOpLimit=0 -Djdk.xml.xpathExprGrpLimit=0";

  @TempDir static Path folder;
  private static Path ofSamples;

  @BeforeAll
  static void annotateTheSamples() {
    ofSamples = folder.resolve("samples");
    List<String> command = new ArrayList<>(List.of("annotate", "--out", ofSamples.toString()));
    command.addAll(List.of("--format", "json,sr,report,sc,pdf,gsps,ko,mfsc"));
    for (String name : List.of("mr-brain", "multiframe", "colour")) {
      command.add(Samples.shipped().resolve(name).toString());
    }
    Outcome outcome = Product.run(folder, command.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.err()).isZero();
  }

  @Test
  void dciodvfyFindsNoErrorInTheResultsOfTheSamples() {
    assumeTrue(Product.isInstalled("dciodvfy"), "dciodvfy is not installed");
    assertNoError(ofSamples);
  }

  @Test
  void dciodvfyFindsNoErrorInTheResultsOfTenFilesOfTheReferenceData() {
    assumeTrue(Product.isInstalled("dciodvfy"), "dciodvfy is not installed");
    Path out = folder.resolve("ten");
    List<String> command = new ArrayList<>(List.of("annotate", "--out", out.toString()));
    Samples.tenOfTheReferenceData().forEach(file -> command.add(file.toString()));
    Outcome outcome = Product.run(folder, command.toArray(String[]::new));
    assertThat(outcome.err()).doesNotContain("failed:");
    assertThat(outcome.code()).isZero();
    assertThat(objects(out)).hasSizeGreaterThanOrEqualTo(3 * 9);
    assertNoError(out);
  }

  @Test
  void dsrdumpReadsTheReports() {
    assumeTrue(Product.isInstalled("dsrdump"), "dsrdump is not installed");
    for (Path report : reports(ofSamples)) {
      Outcome dump = Product.program(folder, "dsrdump", report.toString());
      assertThat(dump.code()).as(report + dump.err()).isZero();
      assertThat(dump.err()).doesNotContain("E:");
      assertThat(dump.out()).contains("Is this image abnormal?");
    }
  }

  @Test
  void pydicomReadsEveryObjectAndItsPixels() {
    boolean there =
        Files.isExecutable(Path.of(PYTHON))
            && Product.program(folder, PYTHON, "-c", "import pydicom, numpy").code() == 0;
    if (!there) {
      System.out.println("SKIPPED: python3-pydicom is not installed; .ci/run installs it");
    }
    assumeTrue(there, "python3-pydicom is not installed");
    List<String> command =
        new ArrayList<>(
            List.of(
                PYTHON,
                "-c",
                """
                import sys, pydicom
                for name in sys.argv[1:]:
                    d = pydicom.dcmread(name)
                    str(d)
                    if 'PixelData' in d:
                        shape = d.pixel_array.shape
                        assert (d.Rows, d.Columns) in (shape[:2], shape[1:3]), name
                    elif d.Modality == 'PR':
                        assert len(d.GraphicAnnotationSequence) > 0, name
                    elif d.Modality == 'DOC':
                        assert d.EncapsulatedDocument[:5] == b'%PDF-', name
                    elif d.Modality == 'KO':
                        assert len(d.ContentSequence) > 0, name
                    else:
                        assert d.CompletionFlag == 'COMPLETE' and len(d.ContentSequence) > 0, name
                print(len(sys.argv) - 1)
                """));
    objects(ofSamples).forEach(file -> command.add(file.toString()));
    Outcome outcome = Product.program(folder, command.toArray(String[]::new));
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.out().strip()).isEqualTo(String.valueOf(objects(ofSamples).size()));
  }

  @Test
  void pixelMedAcceptsTheStructuredReports() {
    if (!Files.exists(PIXELMED)) {
      System.out.println("SKIPPED: libpixelmed-java is not installed; .ci/run installs it");
    }
    assumeTrue(Files.exists(PIXELMED), "libpixelmed-java is not installed");
    for (Path report : reports(ofSamples)) {
      Outcome outcome =
          Product.finish(
              Product.startProgram(
                  folder,
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-cp",
                      "/usr/share/java/*",
                      "com.pixelmed.validate.DicomSRValidator",
                      report.toString()),
                  Map.of("JAVA_TOOL_OPTIONS", NO_XPATH_LIMITS)));
      assertThat(outcome.out() + outcome.err())
          .as(report.toString())
          .contains(
              report.toString().endsWith("_sr.dcm")
                  ? "Found Root Template TID_1500"
                  : "Found EnhancedSR IOD")
          .doesNotContainPattern("(?m)^Error");
    }
  }

  @Test
  void ourOwnCheckHasNothingToSayOfTheResultsAndNamesWhatIsNoObject() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "no DICOM object");
    List<String> command = new ArrayList<>(List.of("dicom", "check"));
    objects(ofSamples).forEach(file -> command.add(file.toString()));

    Outcome outcome = Product.run(folder, command.toArray(String[]::new));
    Outcome other = Product.run(folder, "dicom", "check", text.toString());

    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err()).startsWith("llavamed: no problem in ");
    assertThat(outcome.code()).isZero();
    assertThat(other.lines()).singleElement().asString().contains("\terror\tfile\t");
    assertThat(other.code()).isEqualTo(1);
  }

  private static void assertNoError(Path out) {
    assertThat(objects(out))
        .isNotEmpty()
        .allSatisfy(
            file -> {
              Outcome check = Product.program(folder, "dciodvfy", file.toString());
              assertThat((check.out() + check.err()).lines().filter(l -> l.startsWith("Error")))
                  .as(file.toString())
                  .isEmpty();
            });
  }

  private static List<Path> objects(Path out) {
    return Product.files(out).stream().filter(file -> file.toString().endsWith(".dcm")).toList();
  }

  private static List<Path> reports(Path out) {
    List<Path> reports =
        objects(out).stream()
            .filter(file -> file.toString().matches(".*_(sr|report)\\.dcm"))
            .toList();
    assertThat(reports).hasSizeGreaterThanOrEqualTo(6);
    return reports;
  }
}
