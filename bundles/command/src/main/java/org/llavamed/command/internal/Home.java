package org.llavamed.command.internal;

import java.nio.file.Path;
import java.util.List;
import org.llavamed.imaging.ImagingException;

/** The folder of the distribution. */
final class Home {
  /** System property that the launcher sets. */
  static final String PROPERTY = "llavamed.home";

  private Home() {}

  /**
   * Returns the files of the sample studies; what describes them lies beside them.
   *
   * @throws ImagingException if there are none
   */
  static List<Path> sampleFiles() {
    Path folder = Path.of(System.getProperty(PROPERTY, ".")).resolve("samples");
    List<Path> files =
        FileTree.of(folder).keySet().stream()
            .filter(file -> file.toString().endsWith(".dcm"))
            .toList();
    if (files.isEmpty()) {
      throw ImagingException.damaged(
          folder, "the samples are not there", "Unpack the distribution again");
    }
    return files;
  }
}
