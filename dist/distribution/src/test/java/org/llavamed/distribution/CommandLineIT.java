package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
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
