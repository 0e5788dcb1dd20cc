package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.distribution.Product.Outcome;

/** The start script of the source folder, with a wrapper that builds nothing real. */
final class StartScriptIT {
  private static final String BUILDS =
      """
      #!/bin/sh
      echo build >> calls
      echo '[INFO] Building Contracts 0.1.0    [2/16]'
      t=dist/distribution/target
      mkdir -p $t/llavamed-9/bin
      printf '#!/bin/sh\\necho started "$@"\\n' > $t/llavamed-9/bin/llavamed
      chmod +x $t/llavamed-9/bin/llavamed
      printf llavamed-9 > $t/built
      """;

  private static final String FAILS =
      """
      #!/bin/sh
      echo '[ERROR] Some module does not compile'
      exit 1
      """;

  @TempDir Path folder;
  private Path root;

  @BeforeEach
  void copyTheScript() throws IOException {
    root = Files.createDirectories(folder.resolve("a folder with blanks"));
    Path original = Path.of(System.getProperty("source.root", "../..")).resolve("llavamed");
    Files.copy(original, root.resolve("llavamed"));
    executable(root.resolve("llavamed"));
    Files.writeString(root.resolve("pom.xml"), "<project/>");
    wrapper(BUILDS);
  }

  @Test
  void theFirstCallBuildsAndTheSecondDoesNot() throws IOException {
    Outcome first = call(root, "./llavamed", "demo", "a b");
    assertThat(first.out()).isEqualTo("started demo a b\n");
    assertThat(first.err()).contains("building the distribution", "Contracts 0.1.0", "[2/16]");
    Outcome second = call(folder, "a folder with blanks/llavamed", "demo");
    assertThat(second.out()).isEqualTo("started demo\n");
    assertThat(second.err()).isEmpty();
    assertThat(Files.readString(root.resolve("calls"))).isEqualTo("build\n");
  }

  @Test
  void aNewerSourceIsBuiltAgainAndNamed() throws IOException {
    call(root, "./llavamed");
    Files.setLastModifiedTime(
        root.resolve("pom.xml"), FileTime.from(Instant.now().plusSeconds(60)));
    Outcome outcome = call(root, "./llavamed");
    assertThat(outcome.err()).contains("building the distribution again, since pom.xml is newer");
    assertThat(Files.readString(root.resolve("calls"))).isEqualTo("build\nbuild\n");
  }

  @Test
  void aFailedBuildIsShownAndLeavesNothingToStart() throws IOException {
    wrapper(FAILS);
    Outcome outcome = call(root, "./llavamed");
    assertThat(outcome.code()).isEqualTo(70);
    assertThat(outcome.out()).isEmpty();
    assertThat(outcome.err())
        .contains("[ERROR] Some module does not compile", "the build failed; the whole log is");
    wrapper(BUILDS);
    assertThat(call(root, "./llavamed").code()).isZero();
  }

  @Test
  void aSymbolicLinkFindsTheSourceFolder() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("llm"), root.resolve("llavamed"));
    assertThat(call(folder, link.toString()).out()).isEqualTo("started\n");
  }

  @Test
  void withoutACompilerTheScriptSaysWhatToInstall() {
    var running =
        Product.startProgram(
            root, List.of("./llavamed"), Map.of("JAVA_HOME", folder.resolve("none").toString()));
    Outcome outcome = Product.finish(running);
    assertThat(outcome.code()).isEqualTo(70);
    assertThat(outcome.err())
        .contains("no JDK found", "install a JDK 17 or later", "openjdk-17-jdk-headless");
  }

  private static Outcome call(Path workingFolder, String... command) {
    return Product.program(workingFolder, command);
  }

  private void wrapper(String text) throws IOException {
    Files.writeString(root.resolve("mvnw"), text);
    executable(root.resolve("mvnw"));
  }

  private static void executable(Path file) throws IOException {
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }
}
