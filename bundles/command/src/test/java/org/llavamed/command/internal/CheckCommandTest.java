package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ObjectCheck.Problem;
import org.llavamed.imaging.ObjectCheck.Severity;

class CheckCommandTest {
  @TempDir Path folder;

  private Console console;

  @BeforeEach
  void start() {
    console =
        new Console()
            .with("dicom", () -> new CheckCommand(FakeImaging::read, CheckCommandTest::check));
  }

  /** Objects are bad, doubtful or the cause of a bug by their names. */
  private static List<Problem> check(DicomObject object) {
    return switch (String.valueOf(object.file().getFileName())) {
      case "bad" ->
          List.of(
              new Problem(Severity.ERROR, "content item 1.2", "is\u001b wrong", "PS3.3 C.17.3"),
              new Problem(Severity.WARNING, "Modality", "is odd", "PS3.6"));
      case "doubtful" -> List.of(new Problem(Severity.WARNING, "Modality", "is odd", "PS3.6"));
      case "bug" -> throw new IllegalStateException("a bug");
      default -> List.of();
    };
  }

  private Path write(String name) throws IOException {
    return Files.writeString(folder.resolve(name), "dicom UINT8 1 1 1");
  }

  @Test
  void anErrorIsALineAndExitCodeOne() throws Exception {
    Path bad = write("bad");
    assertThat(console.run("dicom", "check", bad.toString())).isEqualTo(1);
    assertThat(console.out())
        .isEqualTo(
            bad
                + "\terror\tcontent item 1.2\tis wrong\tPS3.3 C.17.3\n"
                + bad
                + "\twarning\tModality\tis odd\tPS3.6\n");
    assertThat(console.err()).isEmpty();
  }

  @Test
  void aWarningIsALineAndExitCodeZero() throws Exception {
    Path doubtful = write("doubtful");
    assertThat(console.run("dicom", "check", doubtful.toString())).isZero();
    assertThat(console.out()).isEqualTo(doubtful + "\twarning\tModality\tis odd\tPS3.6\n");
    assertThat(console.err()).isEmpty();
  }

  @Test
  void goodFilesHaveNoLineAndStandardErrorSaysSo() throws Exception {
    String good = write("good").toString();
    assertThat(console.run("dicom", "check", good)).isZero();
    assertThat(console.out()).isEmpty();
    assertThat(console.err()).isEqualTo("llavamed: no problem in 1 file.\n");
    assertThat(console.run("dicom", "check", good, good)).isZero();
    assertThat(console.err()).isEqualTo("llavamed: no problem in 2 files.\n");
  }

  @Test
  void foldersAreCheckedAndFilesThatFailAreNamed() throws Exception {
    Path bug = write("bug");
    write("good");
    Path text = Files.writeString(folder.resolve("text"), "hello");
    Path missing = folder.resolve("missing");
    assertThat(console.run("dicom", "check", folder.toString(), missing.toString())).isEqualTo(1);
    assertThat(console.out())
        .isEqualTo(
            String.join(
                    "\n",
                    bug
                        + "\terror\tfile\tchecking failed unexpectedly"
                        + " (java.lang.IllegalStateException: a bug)."
                        + " Report this as an error of the program.\t-",
                    text + "\terror\tfile\tno DICOM object. Name a DICOM file.\tPS3.10",
                    missing + "\terror\tfile\tthere is no such file. Check the path.\tPS3.10")
                + "\n");
  }

  @Test
  void noFileIsAUsageError() {
    assertThat(console.run("dicom", "check")).isEqualTo(2);
  }
}
