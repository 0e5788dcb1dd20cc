package org.llavamed.learning.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/**
 * The checkpoints of a run: folders {@code step-00000500}, named by the steps that are done. A
 * folder of such a name is whole.
 *
 * @param folder that holds them
 * @param keep how many of them are kept
 */
public record Checkpoints(Path folder, int keep) {
  private static final Pattern NAME = Pattern.compile("step-(\\d{8,18})");
  private static final Pattern HALF = Pattern.compile(NAME + "\\.(half|old)");

  /** Returns the checkpoint of the most steps. */
  public Optional<Path> newest() {
    List<Path> all = whole();
    return all.isEmpty() ? Optional.empty() : Optional.of(all.get(all.size() - 1));
  }

  /**
   * Writes a checkpoint; older ones are removed once it is whole.
   *
   * @return its folder
   */
  Path write(long step, WholeFolder.Content content) {
    Path target = folder.resolve("step-%08d".formatted(step));
    WholeFolder.write(target, content);
    List<Path> all = whole();
    all.subList(0, Math.max(0, all.size() - keep)).forEach(Checkpoints::remove);
    return target;
  }

  /** Removes what a process that was ended in the middle of it left half written. */
  void removeHalves() {
    named(HALF).forEach(Checkpoints::remove);
  }

  private List<Path> whole() {
    return named(NAME);
  }

  /** Returns the paths of names of a kind, by the number in them. */
  private List<Path> named(Pattern kind) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> paths = Files.list(folder)) {
      return paths
          .filter(path -> kind.matcher(name(path)).matches())
          .sorted((a, b) -> Long.compare(step(a), step(b)))
          .toList();
    } catch (IOException e) {
      FileError error = FileError.reading(folder, e);
      throw TrainingException.invalid(folder, error.found(), error.advice(), e);
    }
  }

  private static long step(Path path) {
    return Long.parseLong(name(path).replaceAll("\\D", ""));
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }

  private static void remove(Path path) {
    try {
      WholeFolder.remove(path);
    } catch (IOException e) {
      FileError error = FileError.writing(path, e);
      throw TrainingException.invalid(path, error.found(), error.advice(), e);
    }
  }
}
