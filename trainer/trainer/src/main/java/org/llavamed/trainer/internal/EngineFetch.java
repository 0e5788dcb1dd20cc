package org.llavamed.trainer.internal;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/**
 * Fetches the tensor library with Maven. The folder appears when it is whole.
 *
 * @param distribution whose wrapper starts Maven
 * @param platform whose natives are fetched
 * @param folder to make
 */
record EngineFetch(Distribution distribution, Platform platform, Path folder) {
  private static final Pattern FETCHING = Pattern.compile("Downloading from .*/([^/]+\\.jar)$");
  private static final int LONGEST_REASON = 300;
  private static final Pattern ERROR = Pattern.compile("^\\[ERROR] +(.*\\S)");

  /**
   * Fetches.
   *
   * @throws TrainingException if Maven does not succeed
   * @throws InterruptedException if the thread is interrupted; Maven is stopped then
   */
  void run(ProgressDisplay progress) throws InterruptedException {
    progress.println(
        "llavamed: fetching the engine once, PyTorch %s for %s, %s from Maven Central, to %s"
            .formatted(
                distribution.engineVersion(), platform.classifier(), platform.megabytes(), folder));
    Path parent = folder.toAbsolutePath().getParent();
    try {
      Files.createDirectories(parent);
      Path unfinished = Files.createTempDirectory(parent, "fetching-");
      try {
        fetch(unfinished, progress);
        moveTo(unfinished);
      } finally {
        remove(unfinished);
      }
    } catch (IOException e) {
      FileError error = FileError.writing(folder, e);
      throw TrainingException.invalid(folder, error.found(), error.advice(), e);
    }
  }

  private void fetch(Path to, ProgressDisplay progress) throws IOException, InterruptedException {
    ProcessBuilder maven = new ProcessBuilder(command(to)).redirectErrorStream(true);
    maven.environment().put("JAVA_HOME", System.getProperty("java.home"));
    Process process = maven.start();
    try {
      process.getOutputStream().close();
      CompletableFuture<List<String>> output =
          CompletableFuture.supplyAsync(() -> listen(process, progress));
      int code = process.waitFor();
      List<String> lines = output.join();
      if (code != 0) {
        throw failure(lines);
      }
    } finally {
      process.destroy();
    }
  }

  private static List<String> listen(Process maven, ProgressDisplay progress) {
    List<String> lines = new ArrayList<>();
    try (BufferedReader reader = maven.inputReader(StandardCharsets.UTF_8)) {
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        lines.add(line);
        Matcher fetching = FETCHING.matcher(line);
        if (fetching.find()) {
          progress.at("fetching " + fetching.group(1), 0, 0);
        }
      }
    } catch (IOException e) {
      lines.add(String.valueOf(e.getMessage()));
    }
    return lines;
  }

  /** Returns the command line of Maven. */
  List<String> command(Path to) {
    Path trainer = distribution.trainer();
    var command =
        new ArrayList<String>(
            platform.isWindows()
                ? List.of("cmd", "/c", trainer.resolve("mvnw.cmd").toString())
                : List.of("sh", trainer.resolve("mvnw").toString()));
    command.addAll(
        List.of(
            "-B",
            "-f",
            distribution.enginePom().toString(),
            "-Dengine.platform=" + platform.name(),
            "-DoutputDirectory=" + to.toAbsolutePath(),
            "dependency:copy-dependencies"));
    command.add(platform.cuda() ? "-Pcuda" : "-Pcpu");
    return command;
  }

  private TrainingException failure(List<String> lines) throws IOException {
    Path log = folder.resolveSibling("engine-fetch.log");
    Files.write(log, lines);
    String reason =
        lines.stream()
            .map(ERROR::matcher)
            .filter(Matcher::find)
            .map(found -> found.group(1))
            .findFirst()
            .orElse(lines.isEmpty() ? "Maven did not start" : lines.get(lines.size() - 1));
    return TrainingException.invalid(
        "The engine",
        "it cannot be fetched from Maven Central (%s)"
            .formatted(reason.substring(0, Math.min(reason.length(), LONGEST_REASON))),
        "Connect this machine to the internet for once, or name a folder with the engine's jars in"
            + " %s; all that Maven said stands in %s".formatted(EngineStore.VARIABLE, log));
  }

  private void moveTo(Path unfinished) throws IOException {
    try {
      Files.move(unfinished, folder, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      if (!Files.isDirectory(folder)) { // else another process was faster
        throw e;
      }
    }
  }

  private static void remove(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
