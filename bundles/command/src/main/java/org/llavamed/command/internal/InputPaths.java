package org.llavamed.command.internal;

import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.llavamed.command.Command;
import org.llavamed.command.internal.InputFiles.Input;
import picocli.CommandLine;
import picocli.CommandLine.Parameters;

/** The files that a command works on one by one. */
final class InputPaths {
  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "DICOM files, folders (with everything below them), '-' for standard input.")
  private List<Path> paths;

  /** Returns the paths as they were named. */
  List<Path> named() {
    return List.copyOf(paths);
  }

  /** Returns whether there may be several files: a folder, or more than one path. */
  boolean several() {
    return paths.size() > 1 || Files.isDirectory(paths.get(0));
  }

  /**
   * Works on each file until the thread is interrupted or nobody reads the output, which is what
   * the work is for.
   *
   * @param work returns whether it went well
   * @return the exit code
   */
  int each(CommandLine line, InputStream in, Predicate<Input> work) {
    return each(line, in, work, () -> line.getOut().checkError());
  }

  /** Works as {@link #each} does, but goes on where nobody reads the output. */
  int all(CommandLine line, InputStream in, Predicate<Input> work) {
    return each(line, in, work, () -> false);
  }

  private int each(
      CommandLine line, InputStream in, Predicate<Input> work, BooleanSupplier inVain) {
    boolean good = true;
    try (InputFiles files = new InputFiles(in)) {
      List<Input> inputs = files.of(paths);
      if (inputs.isEmpty()) {
        line.getErr().println("llavamed: there is no file in what was named.");
      }
      for (Input input : inputs) {
        if (Thread.currentThread().isInterrupted() || inVain.getAsBoolean()) {
          return Command.SOME_INPUT_FAILED;
        }
        good &= work.test(input);
      }
    }
    return good ? Command.OK : Command.SOME_INPUT_FAILED;
  }
}
