package org.llavamed.command.internal;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.llavamed.deidentification.Deidentifier.Identity;
import org.llavamed.deidentification.Deidentifier.Outcome;
import org.llavamed.imaging.ImagingException;

/** A table (CSV, RFC 4180) of originals and replacements that its owner alone may read. */
final class PseudonymTable implements AutoCloseable {
  private static final List<String> HEADER =
      List.of(
          "file",
          "new file",
          "patient",
          "new patient",
          "study",
          "new study",
          "series",
          "new series",
          "instance",
          "new instance");

  private final Path file;
  private final BufferedWriter out;

  private PseudonymTable(Path file, BufferedWriter out) {
    this.file = file;
    this.out = out;
  }

  /**
   * Makes a new file.
   *
   * @throws ImagingException if it exists, cannot be made, or cannot be kept from others
   */
  static PseudonymTable create(Path file) {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
      PseudonymTable table =
          new PseudonymTable(file, Files.newBufferedWriter(file, StandardCharsets.UTF_8));
      table.write(HEADER);
      return table;
    } catch (FileAlreadyExistsException e) {
      throw ImagingException.damaged(file, "the file exists", "Name a new file for --map", e);
    } catch (UnsupportedOperationException e) {
      throw ImagingException.damaged(
          file,
          "the file system cannot keep the table from other users",
          "Choose another place for --map",
          e);
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  void add(String name, Outcome outcome) {
    Identity before = outcome.before();
    Identity after = outcome.after();
    write(
        List.of(
            name,
            outcome.file().toString(),
            before.patientId(),
            after.patientId(),
            before.studyUid(),
            after.studyUid(),
            before.seriesUid(),
            after.seriesUid(),
            before.instanceUid(),
            after.instanceUid()));
  }

  private void write(List<String> cells) {
    try {
      out.write(cells.stream().map(PseudonymTable::cell).collect(Collectors.joining(",")));
      out.write("\r\n");
      out.flush();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }

  /** Quotes a cell; one that a spreadsheet would take for a formula begins with an apostrophe. */
  private static String cell(String text) {
    boolean formula = Stream.of("=", "+", "-", "@", "\t", "\r").anyMatch(text::startsWith);
    return '"' + (formula ? "'" : "") + text.replace("\"", "\"\"") + '"';
  }

  private static ImagingException failed(Path file, IOException e) {
    return ImagingException.unwritable(file, e);
  }

  @Override
  public void close() {
    try {
      out.close();
    } catch (IOException e) {
      throw failed(file, e);
    }
  }
}
