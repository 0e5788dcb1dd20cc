package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.distribution.Product.Outcome;

final class CommandLineIT {
  @TempDir Path folder;

  @Test
  void helpNamesTheCommandsAndNothingIsComplainedAbout() {
    Outcome help = Product.run(folder, "--help");
    assertThat(help.err()).isEmpty();
    assertThat(help.code()).isZero();
    assertThat(help.out()).contains("annotate", "ask", "bench", "demo", "dicom", "doctor", "model");
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
  void aKeyThatTheConfigurationDoesNotHaveIsNamedOnceWithThoseThatItHas() throws Exception {
    Path home = folder.resolve("dist");
    copy(Product.home(), home);
    append(home.resolve("conf/org.llavamed.annotator.cfg"), "frame=3");
    append(home.resolve("conf/org.llavamed.model.cfg"), "model.folder=/models");
    Path results = home.resolve("conf/org.llavamed.result.cfg");
    Files.writeString(results, Files.readString(results).replace("datesFromClock", "clock"));

    Outcome outcome = Product.program(folder, home.resolve("bin/llavamed").toString(), "--help");
    assertThat(outcome.code()).isZero();
    assertThat(outcome.err())
        .matches(
            "llavamed: conf/org.llavamed.annotator.cfg has the key 'frame', expected one of frames,"
                + " maxNewTokens, protocol, stillsPerSeries\n"
                + "llavamed: conf/org.llavamed.model.cfg has the key 'model.folder', expected one"
                + " of .*, intraOpThreads, modelFolder, mostPositions, .*\n"
                + "llavamed: conf/org.llavamed.result.cfg has the key 'clock', expected"
                + " one of .*datesFromClock.*\n");
  }

  @Test
  void aValueOfAnotherTypeIsNamed() throws Exception {
    Path home = folder.resolve("dist");
    copy(Product.home(), home);
    Path results = home.resolve("conf/org.llavamed.result.cfg");
    Files.writeString(
        results,
        Files.readString(results).replaceAll("(?m)^datesFromClock=.*", "datesFromClock=yes"));
    Path model = home.resolve("conf/org.llavamed.model.cfg");
    Files.writeString(
        model, Files.readString(model).replaceAll("(?m)^batchSize=.*", "batchSize=eight"));

    Outcome outcome = Product.program(folder, home.resolve("bin/llavamed").toString(), "--help");
    assertThat(outcome.err())
        .contains(
            "conf/org.llavamed.model.cfg has batchSize=eight, expected a whole number\n",
            "conf/org.llavamed.result.cfg has datesFromClock=yes, expected true or false\n")
        .doesNotContain("Exception");
  }

  private static void append(Path file, String line) throws IOException {
    Files.writeString(file, "\n" + line + "\n", StandardOpenOption.APPEND);
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
    javaThatPrints("telemetry off: $ORT_DISABLE_TELEMETRY");
    assertThat(runByThatJava("demo")).isEqualTo("telemetry off: 1\n");
  }

  @Test
  void hugePagesAreAskedForBeforeTheProcessBegins() throws Exception {
    javaThatPrints("$GLIBC_TUNABLES");
    assertThat(runByThatJava("demo")).isEqualTo("glibc.malloc.hugetlb=1\n");
  }

  @ParameterizedTest
  @CsvSource({
    "demo, false",
    "--help, false",
    "ask a.png What?, false",
    "ask a.png What? --model m, true",
    "ask --model=m a.png What?, true",
    "doctor, true",
    "model show m, true"
  })
  void commandsThatHashLargeModelsHaveBothCompilers(String arguments, boolean both)
      throws Exception {
    javaThatPrints("$*");
    assertThat(runByThatJava(arguments.split(" ")))
        .contains(both ? " -XX:+TieredCompilation " : " -XX:TieredStopAtLevel=1 ");
  }

  private void javaThatPrints(String text) throws IOException {
    Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
    Files.writeString(java, "#!/bin/sh\necho \"%s\"\n".formatted(text));
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private String runByThatJava(String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Product.home().resolve("bin/llavamed").toString());
    command.addAll(List.of(arguments));
    String jdk = folder.resolve("jdk").toString();
    return Product.finish(
            Product.startProgram(
                folder, command, Map.of("JAVA_HOME", jdk, "ORT_DISABLE_TELEMETRY", "0")))
        .out();
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
