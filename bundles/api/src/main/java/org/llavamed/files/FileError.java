package org.llavamed.files;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Locale;

/**
 * Why a file or folder cannot be read or written, in words, to stand behind its name.
 *
 * @param found what is wrong, for example {@code there is no such file}
 * @param advice what to do, as an imperative
 */
public record FileError(String found, String advice) {
  private static final String NO_FOLDER = "Not a directory";
  private static final String ELSEWHERE = "Name another place";

  /** Says why something cannot be read. */
  public static FileError reading(IOException e) {
    String reason = reason(e);
    if (e instanceof NoSuchFileException || reason.equals(NO_FOLDER)) {
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
    if (reason.equals("Is a directory")) {
      return new FileError("it is a folder", "Name a file");
    }
    return new FileError(
        "it cannot be read (%s)".formatted(reason), "Check its disk, and that nobody changes it");
  }

  /** Says why something cannot be made or written. */
  public static FileError writing(IOException e) {
    String reason = reason(e);
    String lower = reason.toLowerCase(Locale.ROOT);
    if (e instanceof NoSuchFileException) {
      return new FileError(
          "it cannot be written, since its folder is not there", "Make the folder");
    }
    if (e instanceof FileAlreadyExistsException || reason.equals(NO_FOLDER)) {
      return new FileError("it cannot be written, since a file is in its way", ELSEWHERE);
    }
    if (e instanceof AccessDeniedException) {
      return new FileError("you may not write there", ELSEWHERE);
    }
    if (lower.contains("read-only")) {
      return new FileError("its disk takes no changes", ELSEWHERE);
    }
    if (lower.contains("no space") || lower.contains("enough space") || lower.contains("quota")) {
      return new FileError("its disk is full", "Make room, or name another place");
    }
    return new FileError("it cannot be written (%s)".formatted(reason), ELSEWHERE);
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
