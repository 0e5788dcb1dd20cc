package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.distribution.Product.Outcome;

/** {@code llavamed dicom pixels} against the hashes of the reference data. */
final class PixelsIT {
  @TempDir Path folder;

  @Test
  void everyFileHasALineAndNoHashIsWrong() throws IOException {
    Path reference = Samples.reference();
    List<Map<String, String>> index = index(reference.resolve("INDEX.tsv"));
    var command = new ArrayList<>(List.of("dicom", "pixels"));
    index.forEach(row -> command.add(cell(row, "path")));

    Outcome outcome = Product.run(reference, command.toArray(String[]::new));

    assertThat(outcome.code()).isEqualTo(1);
    assertThat(outcome.lines()).hasSameSizeAs(index);
    int exact = 0;
    for (int i = 0; i < index.size(); i++) {
      Map<String, String> row = index.get(i);
      String[] line = outcome.lines().get(i).split("\t", -1);
      assertThat(line[0]).isEqualTo(cell(row, "path"));
      boolean decoded = line.length == 6;
      if (cell(row, "decode").equals("exact") && decoded) {
        assertThat(line[5]).as(line[0]).startsWith(cell(row, "pixels_sha256_16"));
        exact++;
      }
      if (List.of("no-pixels", "error").contains(cell(row, "decode"))) {
        assertThat(decoded).as(line[0]).isFalse();
      }
    }
    System.out.printf("dicom pixels: %d hashes equal to the reference%n", exact);
    assertThat(exact).isGreaterThan(60);
  }

  @Test
  void anArrayIsWrittenThatNumPyReads() throws IOException {
    Outcome outcome =
        Product.run(folder, "dicom", "pixels", "--npy", "a.npy", Samples.brain().toString());
    assertThat(outcome.code()).isZero();
    String[] line = outcome.lines().get(0).split("\t", -1);
    byte[] npy = Files.readAllBytes(folder.resolve("a.npy"));
    assertThat(npy).startsWith(0x93, 'N', 'U', 'M', 'P', 'Y');
    if (Product.isInstalled("python3")
        && Product.program(folder, "/usr/bin/python3", "-c", "import numpy").code() == 0) {
      Outcome numpy =
          Product.program(
              folder,
              "/usr/bin/python3",
              "-c",
              "import numpy, hashlib; a = numpy.load('a.npy');"
                  + " print('x'.join(map(str, a.shape)), a.dtype.name, a.min(), a.max(),"
                  + " hashlib.sha256(a.tobytes()).hexdigest())");
      assertThat(numpy.out().strip().split(" "))
          .containsExactly(line[1], line[2], line[3], line[4], line[5]);
    }
  }

  private static List<Map<String, String>> index(Path file) throws IOException {
    List<String> lines = Files.readAllLines(file);
    String[] names = lines.get(0).split("\t", -1);
    List<Map<String, String>> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] cells = line.split("\t", -1);
      Map<String, String> row = new HashMap<>();
      for (int i = 0; i < names.length && i < cells.length; i++) {
        row.put(names[i], cells[i]);
      }
      rows.add(row);
    }
    return rows;
  }

  private static String cell(Map<String, String> row, String name) {
    return row.getOrDefault(name, "");
  }
}
