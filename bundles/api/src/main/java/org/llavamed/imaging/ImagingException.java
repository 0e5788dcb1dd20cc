package org.llavamed.imaging;

import java.io.IOException;
import java.nio.file.Path;
import org.llavamed.files.FileError;

/**
 * Something about an input is wrong: the message is one sentence that says where (file, tag,
 * offset), what was found, what was expected and what to do. It holds no control characters.
 */
public final class ImagingException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ImagingException(String message, Throwable cause) {
    super(plain(message), cause);
  }

  private ImagingException(String message) {
    super(plain(message));
  }

  /** What a file holds must not steer the terminal that shows it. */
  private static String plain(String message) {
    return message.replaceAll("\\p{Cc}", " ");
  }

  /**
   * The input is damaged or cannot be read.
   *
   * @param where file, or file and tag
   * @param found what is wrong, with both numbers where there are two
   * @param advice what to do, as an imperative
   */
  public static ImagingException damaged(Object where, String found, String advice) {
    return new ImagingException("%s: %s. %s.".formatted(where, found, advice));
  }

  /** As {@link #damaged(Object, String, String)}, with the error that revealed it. */
  public static ImagingException damaged(
      Object where, String found, String advice, Throwable cause) {
    return new ImagingException("%s: %s. %s.".formatted(where, found, advice), cause);
  }

  /**
   * A file cannot be read.
   *
   * @param file the file
   */
  public static ImagingException unreadable(Path file, IOException cause) {
    FileError error = FileError.reading(file, cause);
    return damaged(file, error.found(), error.advice(), cause);
  }

  /**
   * A file or folder cannot be made or written.
   *
   * @param path the file or folder
   */
  public static ImagingException unwritable(Path path, IOException cause) {
    FileError error = FileError.writing(path, cause);
    return damaged(path, error.found(), error.advice(), cause);
  }

  /**
   * The input is valid, but of a kind that is not supported.
   *
   * @param where file, or file and tag
   * @param what the kind, for example the transfer syntax with its UID
   * @param advice what to do, as an imperative
   */
  public static ImagingException unsupported(Object where, String what, String advice) {
    return new ImagingException("%s: %s is not supported. %s.".formatted(where, what, advice));
  }
}
