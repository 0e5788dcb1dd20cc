package org.llavamed.result.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.files.FileError;

/**
 * The files of one annotation. Names are {@code MODALITY_STUDY_PROTOCOL_CONTENT_KIND}: STUDY and
 * CONTENT are the first eight digits of the SHA-256 of Study Instance UID and patient, and of the
 * annotation; KIND tells a revision by its Instance Number. So neither another study nor another
 * answer nor a revision overwrites an object, and a repeat writes the same.
 */
final class ResultFiles {
  /**
   * A DICOM object that was written.
   *
   * @param format what it is
   * @param file where it lies
   * @param sopClassUid SOP Class UID
   * @param sopInstanceUid SOP Instance UID
   * @param sha256 hash of the file
   */
  record Entry(
      Format format, Path file, String sopClassUid, String sopInstanceUid, String sha256) {}

  private static final int BUFFER = 1 << 16;
  private static final int HASH_DIGITS = 8;
  private static final int PROTOCOL_LENGTH = 32;
  private static final int MODALITY_LENGTH = 8;

  private final Path folder;
  private final String study;
  private final String stem;

  /**
   * Prepares the folder.
   *
   * @param study what tells the study from any other
   * @param content hash of the annotation
   * @throws AnnotationException if the folder cannot be made
   */
  ResultFiles(Path folder, String modality, String study, String protocol, String content) {
    this.folder = folder;
    this.study = Hashes.sha256(study).substring(0, HASH_DIGITS);
    this.stem =
        "%s_%s_%s_%s"
            .formatted(
                safe(modality, MODALITY_LENGTH),
                this.study,
                safe(protocol, PROTOCOL_LENGTH),
                content.substring(0, HASH_DIGITS));
    try {
      Files.createDirectories(folder);
    } catch (IOException e) {
      throw unwritable(folder, e);
    }
  }

  /**
   * Returns the objects of the same study that lie in the folder, by name.
   *
   * @throws AnnotationException if the folder cannot be read
   */
  List<Path> ofStudy() {
    try (DirectoryStream<Path> files =
        Files.newDirectoryStream(folder, "*_%s_*.dcm".formatted(study))) {
      return sorted(files);
    } catch (IOException e) {
      FileError error = FileError.reading(folder, e);
      throw AnnotationException.invalid(folder, error.found(), error.advice(), e);
    }
  }

  private static List<Path> sorted(DirectoryStream<Path> files) throws IOException {
    try {
      List<Path> found = new ArrayList<>();
      files.forEach(found::add);
      return found.stream().sorted().toList();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
  }

  /** Returns a text of letters, digits and hyphens that any file system takes. */
  static String safe(String text, int most) {
    String ascii =
        Normalizer.normalize(text, Normalizer.Form.NFKD)
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "-")
            .replaceAll("^-|-$", "");
    String cut = ascii.substring(0, Math.min(most, ascii.length()));
    return cut.isEmpty() ? "unnamed" : cut;
  }

  /** Something that can be written. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * A file that was written.
   *
   * @param path where it lies
   * @param sha256 hash of its bytes
   */
  record Whole(Path path, String sha256) {}

  /**
   * Writes a file: whole, or not at all.
   *
   * @param kind the end of its name, for example {@code sr.dcm}
   * @throws AnnotationException if it cannot be written
   */
  Whole write(String kind, Content content) {
    String name = stem + '_' + kind;
    Path whole = folder.resolve(name);
    Path part = folder.resolve('.' + name + ".part");
    try {
      try {
        String sha256;
        try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), BUFFER)) {
          sha256 = Hashes.sha256(content, out);
        }
        move(part, whole);
        return new Whole(whole, sha256);
      } finally {
        Files.deleteIfExists(part);
      }
    } catch (IOException e) {
      throw unwritable(whole, e);
    }
  }

  private static AnnotationException unwritable(Path path, IOException e) {
    FileError error = FileError.writing(path, e);
    return AnnotationException.invalid(path, error.found(), error.advice(), e);
  }

  private static void move(Path part, Path whole) throws IOException {
    try {
      Files.move(part, whole, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(part, whole, StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
