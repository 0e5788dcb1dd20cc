package org.llavamed.data;

import java.io.IOException;
import java.nio.file.Path;
import org.llavamed.command.Explained;
import org.llavamed.files.FileError;

/**
 * Data for training or evaluation are missing, damaged or do not fit together: one sentence that
 * says where (file, record, id, key), what was found, what was expected and what to do. It holds no
 * control characters.
 */
public final class DataException extends RuntimeException implements Explained {
  private static final long serialVersionUID = 1L;

  private DataException(String message) {
    super(plain(message));
  }

  private DataException(String message, Throwable cause) {
    super(plain(message), cause);
  }

  /** What a file holds must not steer the terminal that shows it. */
  private static String plain(String message) {
    return message.replaceAll("\\p{Cc}", " ");
  }

  /**
   * Something about data is wrong.
   *
   * @param where file, with the record where there is one
   * @param found what is wrong, with found and expected
   * @param advice what to do, as an imperative
   */
  public static DataException invalid(Object where, String found, String advice) {
    return new DataException("%s: %s. %s.".formatted(where, found, advice));
  }

  /** As {@link #invalid(Object, String, String)}, with the error that revealed it. */
  public static DataException invalid(Object where, String found, String advice, Throwable cause) {
    return new DataException("%s: %s. %s.".formatted(where, found, advice), cause);
  }

  /** Returns the same error, that says first in which file or record it was found. */
  DataException in(String where) {
    return new DataException("%s: %s".formatted(where, getMessage()), this);
  }

  /** A file or folder cannot be read. */
  public static DataException unreadable(Path path, IOException cause) {
    FileError error = FileError.reading(path, cause);
    return invalid(path, error.found(), error.advice(), cause);
  }

  /** A file or folder cannot be made or written. */
  public static DataException unwritable(Path path, IOException cause) {
    FileError error = FileError.writing(path, cause);
    return invalid(path, error.found(), error.advice(), cause);
  }
}
