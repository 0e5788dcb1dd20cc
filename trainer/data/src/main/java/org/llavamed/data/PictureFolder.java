package org.llavamed.data;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/**
 * The folder below which the pictures of a data file lie.
 *
 * @param path the folder
 */
public record PictureFolder(Path path) {
  /**
   * Returns the file of a picture, which need not be there.
   *
   * @param name path below the folder, as a data file gives it
   * @throws DataException if the name leads out of the folder or is none
   */
  public Path file(String name) {
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
