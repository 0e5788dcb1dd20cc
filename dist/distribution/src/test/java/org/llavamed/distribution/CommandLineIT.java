package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.distribution.Product.Outcome;

final class CommandLineIT {
  @TempDir Path folder;

  @Test
  void helpNamesTheCommandsAndNothingIsComplainedAbout() {
    Outcome help = Product.run(folder, "--help");
    assertThat(help.err()).isEmpty();
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("annotate", "ask", "demo", "dicom", "model");
  }

  @Test
  void anUnknownCommandIsAUsageError() {
    Outcome outcome = Product.run(folder, "anotate");
    assertThat(outcome.code()).isEqualTo(2);
    assertThat(outcome.err()).contains("anotate");
    assertThat(outcome.out()).isEmpty();
  }

  @Test
  void aValueThatTheConfigurationDoesNotAllowIsOneSentenceThatNamesKeyAndFile() throws Exception {
    Path home = folder.resolve("dist");
    copy(Product.home(), home);
    Path configuration = home.resolve("conf/org.llavamed.annotator.cfg");
    Files.writeString(
        configuration, Files.readString(configuration).replace("frames=3", "frames=0"));
    String sample = Samples.brain().toString();

    Outcome outcome =
        Product.program(folder, home.resolve("bin/llavamed").toString(), "annotate", sample);
    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.err())
        .contains("commands are missing", "frames in the configuration org.llavamed.annotator")
        .contains("is 0, expected 1 to 1000; correct conf/org.llavamed.annotator.cfg")
        .hasLineCount(2);
  }

  @Test
  void aChangedConfigurationIsInForceInTheNextRun() throws Exception {
    Path home = folder.resolve("dist");
    copy(Product.home(), home);
    Path configuration = home.resolve("conf/org.llavamed.annotator.cfg");
    Files.writeString(
        configuration, Files.readString(configuration).replace("frames=3", "frames=2"));
    String series = Product.home().resolve("samples/mr-brain").toString();

    Outcome outcome =
        Product.program(
            folder,
            home.resolve("bin/llavamed").toString(),
            "annotate",
            series,
            "--question",
            "Is this image abnormal?",
            "--format",
            "json");
    assertThat(outcome.code()).as(outcome.err()).isZero();
    assertThat(outcome.out()).contains("2 pictures read in 1 study.");
  }

  private static void copy(Path from, Path to) throws Exception {
    for (Path file : Product.files(from)) {
      Path copy = to.resolve(from.relativize(file).toString());
      Files.createDirectories(copy.getParent());
      Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
    }
  }

  @Test
  void theScriptIsFoundThroughSymbolicLinksInFoldersWithBlanks() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("my tools"));
    Path first =
        Files.createSymbolicLink(bin.resolve("first"), Product.home().resolve("bin/llavamed"));
    Path second = Files.createSymbolicLink(bin.resolve("llavamed"), first.getFileName());
    Outcome outcome = Product.program(folder, second.toString(), "--version");
    assertThat(outcome.err()).isEmpty();
    assertThat(outcome.code()).isZero();
  }

  @Test
  void nothingIsLeftInTheTemporaryFolder() throws Exception {
    Path temporary = Files.createDirectory(folder.resolve("tmp"));
    var running =
        Product.startProgram(
            folder,
            List.of(Product.home().resolve("bin/llavamed").toString(), "--help"),
            Map.of("LLAVAMED_JAVA_OPTS", "-Djava.io.tmpdir=" + temporary));
    assertThat(Product.finish(running).code()).isZero();
    assertThat(Product.files(temporary)).isEmpty();
  }

  @Test
  void telemetryOfOnnxRuntimeIsOffBeforeTheProcessBegins() throws Exception {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"telemetry off: $ORT_DISABLE_TELEMETRY\"\n");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    var running =
        Product.startProgram(
            folder,
            List.of(Product.home().resolve("bin/llavamed").toString(), "demo"),
            Map.of("JAVA_HOME", folder.resolve("jdk").toString(), "ORT_DISABLE_TELEMETRY", "0"));
    assertThat(Product.finish(running).out()).isEqualTo("telemetry off: 1\n");
  }

  @Test
  void withoutJavaTheScriptSaysWhatToInstall() throws Exception {
    Path bin = Files.createDirectory(folder.resolve("bin"));
    for (String tool : List.of("dirname", "readlink")) {
      Files.createSymbolicLink(bin.resolve(tool), Path.of("/usr/bin", tool));
    }
    var running =
        Product.startProgram(
            folder,
            List.of("/bin/sh", Product.home().resolve("bin/llavamed").toString(), "--help"),
            Map.of("PATH", bin.toString(), "JAVA_HOME", ""));
    Outcome outcome = Product.finish(running);
    assertThat(outcome.code()).isEqualTo(70);
    assertThat(outcome.err())
        .isEqualTo(
            "llavamed: no Java found; install Java 17 or later (Debian: apt-get install"
                + " openjdk-17-jre-headless) or set JAVA_HOME.\n");
  }
}
