package org.llavamed.codec.internal;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;

/** DICOM files with reference pixels outside the project, listed in an INDEX.tsv. */
final class ReferenceCollection {
  private static final int NPY_HEADER_LENGTH = 8;

  /**
   * A row of the index.
   *
   * @param path file, below the collection's folder
   * @param syntax Transfer Syntax UID
   * @param decode exact, tolerance, no-pixels or error
   * @param mostDifference greatest difference allowed of a value of a lossy frame
   * @param shape shape of all values
   * @param type NumPy's name of their type
   * @param hash first 16 digits of their sha256
   * @param reference file with the values of a lossy frame
   */
  record Row(
      String path,
      String syntax,
      String decode,
      String mostDifference,
      String shape,
      String type,
      String hash,
      String reference) {}

  private final Path folder;

  private ReferenceCollection(Path folder) {
    this.folder = folder;
  }

  /** Returns the collection; without it the test that asks is skipped, and says so. */
  static ReferenceCollection orSkip() {
    Path folder = Path.of(System.getProperty("shared.data", "absent"), "dicom");
    boolean present = Files.exists(folder.resolve("INDEX.tsv"));
    if (!present) {
      System.out.println("Skipped: the reference collection is not there: " + folder);
    }
    assumeTrue(present, () -> "the reference collection is not there: " + folder);
    return new ReferenceCollection(folder);
  }

  Path folder() {
    return folder;
  }

  List<Row> rows() throws IOException {
    List<String> lines = Files.readAllLines(folder.resolve("INDEX.tsv"));
    List<String> names = List.of(lines.get(0).split("\t", -1));
    List<Row> rows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] f = line.split("\t", -1);
      rows.add(
          new Row(
              f[names.indexOf("path")],
              f[names.indexOf("transfer_syntax_uid")],
              f[names.indexOf("decode")],
              f[names.indexOf("max_diff")],
              f[names.indexOf("shape")],
              f[names.indexOf("dtype")],
              f[names.indexOf("pixels_sha256_16")],
              f[names.indexOf("reference")]));
    }
    return rows;
  }

  /** Returns the values of an NPY file in gzip. */
  ByteBuffer reference(Row row) {
    byte[] npy;
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(folder.resolve(row.reference())))) {
      npy = in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ByteBuffer values = ByteBuffer.wrap(npy).order(ByteOrder.LITTLE_ENDIAN);
    values.position(NPY_HEADER_LENGTH + Short.BYTES + values.getShort(NPY_HEADER_LENGTH));
    return values;
  }
}
