package org.llavamed.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/**
 * The folder below which the pictures of a data file lie.
 *
 * @param path the folder
 * @param rendered the folder that holds PNG files made of its DICOM files by {@link DicomPictures},
 *     where there is one
 */
public record PictureFolder(Path path, Optional<Path> rendered) {
  /** What the name of a rendered picture ends with. */
  static final String PNG = ".png";

  /** What the name of a file ends with that says why a picture could not be rendered. */
  static final String FAILURE = ".txt";

  /** A folder of picture files alone. */
  public PictureFolder(Path path) {
    this(path, Optional.empty());
  }

  /**
   * Returns the file that shows a picture, which need not be there: the one that was rendered, or
   * the picture itself.
   *
   * @param name path below the folder, as a data file gives it
   * @throws DataException if the name leads out of the folder or is none
   */
  public Path file(String name) {
    Path original = original(name);
    return kept(original, PNG).filter(Files::exists).orElse(original);
  }

  /** Returns why a DICOM file could not be rendered, where that was tried and failed. */
  Optional<String> failure(String name) {
    Optional<Path> file = kept(original(name), FAILURE).filter(Files::exists);
    try {
      return file.isPresent() ? Optional.of(Files.readString(file.get())) : Optional.empty();
    } catch (IOException e) {
      throw DataException.unreadable(file.orElseThrow(), e);
    }
  }

  /**
   * Returns the file of a picture as it lies in the folder.
   *
   * @throws DataException as of {@link #file}
   */
  Path original(String name) {
    Path folder = path.toAbsolutePath().normalize();
    if (!isPath(name) || Path.of(name).isAbsolute()) {
      throw outside(name);
    }
    Path file = folder.resolve(name).normalize();
    if (!file.startsWith(folder) || file.equals(folder)) {
      throw outside(name);
    }
    return file;
  }

  /**
   * Returns where a file that is made of a picture is kept: its name changes when the picture does.
   * Empty where nothing is kept, or there is no such picture.
   */
  Optional<Path> kept(Path original, String suffix) {
    if (rendered.isEmpty()) {
      return Optional.empty();
    }
    return state(original)
        .map(state -> Hashes.hex(Hashes.of(original, state)))
        .map(hash -> rendered.get().resolve(hash + suffix));
  }

  /** Returns the size and time of a file, by which a change is seen; empty where there is none. */
  static Optional<String> state(Path file) {
    try {
      var attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return Optional.of(attributes.size() + " " + attributes.lastModifiedTime().toMillis());
    } catch (IOException e) {
      return Optional.empty(); // whoever reads the file says why it cannot be read
    }
  }

  private static boolean isPath(String name) {
    try {
      return !Path.of(name).toString().isEmpty();
    } catch (InvalidPathException e) {
      return false;
    }
  }

  private DataException outside(String name) {
    return DataException.invalid(
        path,
        "the picture '%s' is no file below this folder".formatted(name),
        "Name pictures by paths below the picture folder");
  }
}
