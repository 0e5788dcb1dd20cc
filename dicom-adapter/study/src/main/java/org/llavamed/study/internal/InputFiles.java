package org.llavamed.study.internal;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.llavamed.dicom.Tag;
import org.llavamed.files.FileError;
import org.llavamed.imaging.Attributes;

/**
 * Finds the files of the inputs, in the order of the inputs and by name within a folder. Every file
 * and folder is visited once, however many links lead to it.
 */
final class InputFiles {
  private static final int MOST_RECORDS = 1_000_000;

  private final Remarks remarks;
  private final Optional<Path> leftOut;
  private final Set<Path> visited = new HashSet<>();
  private final FolderNames names = new FolderNames(InputFiles::list);

  /**
   * @param remarks hears of what is left out or cannot be read
   * @param leftOut a folder that is left out below an input, but read as an input of its own: the
   *     folder of the results, so that a repeated run does not read all of them
   */
  InputFiles(Remarks remarks, Optional<Path> leftOut) {
    this.remarks = remarks;
    this.leftOut = leftOut.flatMap(InputFiles::realPath);
  }

  /** Visits the file, or every file below the folder. */
  void visit(Path input, Consumer<Path> file) {
    Deque<Path> open = new ArrayDeque<>();
    open.push(input);
    while (!open.isEmpty() && !Thread.currentThread().isInterrupted()) {
      Path path = open.pop();
      Optional<Path> real = realPath(path);
      if (real.isEmpty()) {
        fail(path, "no such file or folder, or a link to nothing", "Name an existing one");
      } else if (visited.add(real.get())) {
        visitNew(path, real.equals(leftOut) && !path.equals(input), open, file);
      }
    }
  }

  private void visitNew(Path path, boolean out, Deque<Path> open, Consumer<Path> file) {
    if (out) {
      remarks.leftOut(path, "folder of the results");
    } else if (Files.isDirectory(path)) {
      List<Path> entries = entries(path);
      for (int i = entries.size() - 1; i >= 0; i--) {
        open.push(entries.get(i));
      }
    } else if (Files.isRegularFile(path)) {
      file.accept(path);
    } else {
      remarks.leftOut(path, "no regular file");
    }
  }

  /**
   * Visits the files that a DICOMDIR refers to (PS3.3 section F.3, Referenced File ID). Names match
   * in any case, since media are mounted in any.
   */
  void visitReferenced(Path dicomdir, Attributes directory, Consumer<Path> file) {
    List<? extends Attributes> records = directory.items(Tag.DirectoryRecordSequence);
    if (records.size() > MOST_RECORDS) {
      fail(
          dicomdir,
          "%d directory records, expected at most %d".formatted(records.size(), MOST_RECORDS),
          "Name the folder of the files");
      return;
    }
    for (Attributes item : records) {
      List<String> id = item.strings(Tag.ReferencedFileID);
      if (!id.isEmpty()) {
        resolve(dicomdir, id)
            .ifPresentOrElse(
                found -> visit(found, file),
                () ->
                    fail(
                        dicomdir,
                        "refers to the file %s, which is not there".formatted(String.join("/", id)),
                        "Copy the whole medium"));
      }
    }
  }

  private Optional<Path> resolve(Path dicomdir, List<String> components) {
    Path at = dicomdir.toAbsolutePath().getParent();
    for (String component : components) {
      if (at == null || !component.matches("[A-Za-z0-9_][A-Za-z0-9_. -]*")) {
        return Optional.empty();
      }
      Path exact = at.resolve(component);
      at = Files.exists(exact) ? exact : names.find(at, component).orElse(null);
    }
    return Optional.ofNullable(at).filter(Files::isRegularFile);
  }

  private List<Path> entries(Path folder) {
    try {
      return list(folder);
    } catch (IOException e) {
      FileError error = FileError.reading(folder, e);
      fail(folder, error.found(), error.advice());
      return List.of();
    }
  }

  private static List<Path> list(Path folder) throws IOException {
    var entries = new ArrayList<Path>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(entries::add);
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    entries.sort(Comparator.comparing(path -> path.getFileName().toString()));
    return entries;
  }

  private void fail(Path path, String found, String advice) {
    remarks.failed(path, found, advice);
  }

  private static Optional<Path> realPath(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }
}
