package org.llavamed.files;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why a file or folder cannot be read or written, in words, to stand behind its name.
 *
 * @param found what is wrong, for example {@code there is no such file}
 * @param advice what to do, as an imperative
 */
public record FileError(String found, String advice) {
  private static final String ELSEWHERE = "Name another place";

  /** A disk with less than this is full. */
  private static final long FULL = 1 << 20;

  /** Says why a file or folder cannot be read. */
  public static FileError reading(Path path, IOException e) {
    if (e instanceof NoSuchFileException || isBelowFile(path)) {
      return new FileError("there is no such file", "Check the path");
    }
    if (e instanceof NotDirectoryException) {
      return new FileError("it is no folder", "Name a folder");
    }
    if (e instanceof AccessDeniedException) {
      return new FileError("you may not read it", "Give yourself the right to");
    }
    if (e instanceof CharacterCodingException) {
      return new FileError("it is no UTF-8 text", "Name a text file, or write it in UTF-8");
    }
    // A folder can be opened as a file, but not read; what fails by its name is another thing.
    if (!(e instanceof FileSystemException) && Files.isDirectory(path)) {
      return new FileError("it is a folder", "Name a file");
    }
    return new FileError(
        "it cannot be read (%s)".formatted(reason(e)),
        "Check its disk, and that nobody changes it");
  }

  /** Says why a file or folder cannot be made or written. */
  public static FileError writing(Path path, IOException e) {
    if (e instanceof NoSuchFileException) {
      return new FileError(
          "it cannot be written, since its folder is not there", "Make the folder");
    }
    if (e instanceof FileAlreadyExistsException || isBelowFile(path)) {
      return new FileError("it cannot be written, since a file is in its way", ELSEWHERE);
    }
    if (e instanceof AccessDeniedException) {
      return new FileError("you may not write there", ELSEWHERE);
    }
    return ofDisk(path)
        .orElseGet(
            () -> new FileError("it cannot be written (%s)".formatted(reason(e)), ELSEWHERE));
  }

  /** Returns whether the path leads through a file as if it were a folder. */
  private static boolean isBelowFile(Path path) {
    Path above = existing(path.toAbsolutePath().getParent());
    return above != null && !Files.isDirectory(above);
  }

  /** Returns the path, or the lowest above it that is there. */
  private static @Nullable Path existing(@Nullable Path path) {
    Path above = path;
    while (above != null && !Files.exists(above)) {
      above = above.getParent();
    }
    return above;
  }

  private static Optional<FileError> ofDisk(Path path) {
    Path there = existing(path.toAbsolutePath());
    try {
      return there == null ? Optional.empty() : ofDisk(Files.getFileStore(there));
    } catch (IOException e) {
      return Optional.empty(); // what the system said of the path itself is told then
    }
  }

  /** Returns why nothing can be written to a disk. */
  static Optional<FileError> ofDisk(FileStore disk) throws IOException {
    if (disk.isReadOnly()) {
      return Optional.of(new FileError("its disk takes no changes", ELSEWHERE));
    }
    return disk.getUsableSpace() < FULL
        ? Optional.of(new FileError("its disk is full", "Make room, or name another place"))
        : Optional.empty();
  }

  /** Returns what the system says, without the name of the file. */
  private static String reason(IOException e) {
    String said = e instanceof FileSystemException error ? error.getReason() : e.getMessage();
    return said == null ? e.getClass().getSimpleName() : said;
  }

  /** Returns both as sentences, the last without its full stop. */
  @Override
  public String toString() {
    return found + ". " + advice;
  }
}
