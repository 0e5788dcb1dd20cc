package org.llavamed.command.internal;

import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Text;
import org.llavamed.files.FileError;
import org.llavamed.imaging.ImagingException;

/**
 * The files that a command is to work on: files, folders with everything below them, and {@code -}
 * for standard input, which is kept in a temporary file until this is closed.
 */
final class InputFiles implements AutoCloseable {
  static final Path STANDARD_INPUT = Path.of("-");

  private final InputStream in;
  private @Nullable Path copy;

  InputFiles(InputStream in) {
    this.in = in;
  }

  /**
   * One file.
   *
   * @param file where to read it
   * @param name what to call it
   * @param problem why it cannot be visited; empty where it can
   */
  record Input(Path file, String name, Optional<FileError> problem) {
    /** Returns the file. */
    Path checked() {
      problem.ifPresent(
          error -> {
            throw ImagingException.damaged(name, error.found(), error.advice());
          });
      return file;
    }

    /** Returns a message with the name of the file in place of a temporary one. */
    String message(Throwable error) {
      return Text.line(String.valueOf(error.getMessage()).replace(file.toString(), name));
    }

    /** Returns a message for a line that begins with the name of the file. */
    String reason(Throwable error) {
      return Text.without(name, message(error));
    }
  }

  /** Returns the files in the order of the paths, those of folders in the order of their names. */
  List<Input> of(List<Path> paths) {
    List<Input> inputs = new ArrayList<>();
    for (Path path : paths) {
      if (path.equals(STANDARD_INPUT)) {
        inputs.add(new Input(standardInput(), "standard input", Optional.empty()));
      } else {
        FileTree.of(path)
            .forEach((file, problem) -> inputs.add(new Input(file, file.toString(), problem)));
      }
    }
    return inputs;
  }

  private Path standardInput() {
    if (copy != null) {
      return copy;
    }
    try {
      Path file = Files.createTempFile("llavamed", ".dcm");
      copy = file;
      Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
      return file;
    } catch (IOException e) {
      FileError error = FileError.writing(Path.of(System.getProperty("java.io.tmpdir")), e);
      throw ImagingException.damaged(
          "the temporary file for standard input", error.found(), error.advice(), e);
    }
  }

  @Override
  public void close() {
    try {
      if (copy != null) {
        Files.deleteIfExists(copy);
      }
    } catch (IOException e) {
      System.getLogger(InputFiles.class.getName())
          .log(Level.WARNING, "{0} cannot be deleted: {1}", copy, e);
    }
  }
}
