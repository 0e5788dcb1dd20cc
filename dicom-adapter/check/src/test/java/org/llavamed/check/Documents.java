package org.llavamed.check;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.imaging.ObjectCheck.Problem;
import org.llavamed.imaging.ObjectCheck.Severity;

/** Documents that highdicom made; the script is beside them. */
final class Documents {
  static final List<String> NAMES =
      List.of(
          "qualitative",
          "measured",
          "planar-region",
          "planar-segment",
          "volumetric-segment",
          "volumetric-regions",
          "volumetric-surface",
          "key-objects",
          "secondary-capture");

  private Documents() {}

  /** Returns a document, a copy of its own. */
  static DataSet read(String name) {
    try (InputStream in = Documents.class.getResourceAsStream("highdicom/" + name + ".dcm")) {
      Path file = Files.createTempFile(name, ".dcm");
      try {
        Files.copy(in, file, StandardCopyOption.REPLACE_EXISTING);
        return DataSet.copyOf(new Part10Reader().read(file).attributes());
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(name + " cannot be read", e);
    }
  }

  /** Returns the problems of one severity. */
  static List<Problem> problems(DataSet object, Severity severity) {
    return new DocumentCheck()
        .check(object).stream().filter(problem -> problem.severity() == severity).toList();
  }
}
