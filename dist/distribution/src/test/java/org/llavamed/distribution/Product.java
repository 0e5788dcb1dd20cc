package org.llavamed.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Starts the product and other programs as processes. */
final class Product {
  private static final long MINUTES = 5;

  private Product() {}

  /**
   * What a finished process left.
   *
   * @param code exit code
   * @param out standard output
   * @param err standard error
   */
  record Outcome(int code, String out, String err) {
    /** Returns the lines of standard output. */
    List<String> lines() {
      return out.lines().toList();
    }
  }

  /** Returns the shipped folder. */
  static Path home() {
    return Path.of(System.getProperty("dist.home", "target"));
  }

  /** Runs {@code bin/llavamed} and waits for its end. */
  static Outcome run(Path workingFolder, String... arguments) {
    return finish(start(workingFolder, arguments));
  }

  /** A process that runs, with the files that take what it writes. */
  record Running(Process process, Path out, Path err) {}

  /** Starts {@code bin/llavamed}. */
  static Running start(Path workingFolder, String... arguments) {
    List<String> command = new ArrayList<>(List.of(home().resolve("bin/llavamed").toString()));
    command.addAll(List.of(arguments));
    return startProgram(workingFolder, command, Map.of());
  }

  /** Runs another program and waits for its end. */
  static Outcome program(Path workingFolder, String... command) {
    return finish(startProgram(workingFolder, List.of(command), Map.of()));
  }

  /** Starts a program with further environment variables. */
  static Running startProgram(
      Path workingFolder, List<String> command, Map<String, String> environment) {
    try {
      Path out = Files.createTempFile("llavamed-it-", ".out");
      Path err = Files.createTempFile("llavamed-it-", ".err");
      ProcessBuilder builder =
          new ProcessBuilder(command)
              .directory(workingFolder.toFile())
              .redirectOutput(out.toFile())
              .redirectError(err.toFile());
      builder.environment().putAll(environment);
      return new Running(builder.start(), out, err);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Waits for the end of a process. */
  static Outcome finish(Running running) {
    try {
      if (!running.process().waitFor(MINUTES, TimeUnit.MINUTES)) {
        running.process().destroyForcibly();
        throw new IllegalStateException("The process did not end within " + MINUTES + " minutes");
      }
      Outcome outcome =
          new Outcome(
              running.process().exitValue(),
              Files.readString(running.out()),
              Files.readString(running.err()));
      Files.delete(running.out());
      Files.delete(running.err());
      return outcome;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Returns whether a program is installed; says so on the console where it is not. */
  static boolean isInstalled(String program) {
    for (String folder : System.getenv().getOrDefault("PATH", "").split(":", -1)) {
      if (Files.isExecutable(Path.of(folder.isEmpty() ? "." : folder, program))) {
        return true;
      }
    }
    System.out.println("SKIPPED: " + program + " is not installed; .ci/run installs it");
    return false;
  }

  /** Returns the regular files below a folder, sorted. */
  static List<Path> files(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
