package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another program that judges our files.
 *
 * @param command its name on the path, and the arguments before the file's
 */
record Tool(List<String> command) {
  private static final int PATIENCE_SECONDS = 600;

  Tool(String... command) {
    this(List.of(command));
  }

  /** What a program said. */
  record Output(int exitCode, List<String> lines) {
    List<String> beginningWith(String... words) {
      return lines.stream()
          .filter(line -> List.of(words).stream().anyMatch(line::startsWith))
          .toList();
    }
  }

  /** Skips the test, and says so, where the program is not installed. */
  void requireInstalled(String debianPackage) {
    boolean installed =
        List.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, command.get(0))));
    skipUnless(
        installed,
        "%s is not installed (Debian package %s): its check of our objects is left out"
            .formatted(command.get(0), debianPackage));
  }

  /** Skips the test where a condition does not hold, and says so where everybody sees it. */
  static void skipUnless(boolean condition, String message) {
    if (!condition) {
      System.out.println("SKIPPED: " + message);
    }
    assumeTrue(condition, message);
  }

  /** Runs the program with files as its last arguments. */
  Output run(List<Path> files) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(command);
    files.forEach(file -> arguments.add(file.toString()));
    Path log = Files.createTempFile("tool", ".txt");
    try {
      ProcessBuilder builder =
          new ProcessBuilder(arguments).redirectErrorStream(true).redirectOutput(log.toFile());
      Process process = builder.start();
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        fail("%s did not end within %d s", arguments, PATIENCE_SECONDS);
      }
      String text = new String(Files.readAllBytes(log), StandardCharsets.UTF_8);
      return new Output(process.exitValue(), text.lines().toList());
    } finally {
      Files.delete(log);
    }
  }
}
