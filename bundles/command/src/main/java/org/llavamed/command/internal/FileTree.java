package org.llavamed.command.internal;

import java.io.IOException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.llavamed.files.FileError;
import org.llavamed.imaging.ImagingException;

/** The files below a folder, each once, links followed but not in circles. */
final class FileTree {
  private FileTree() {}

  /**
   * Returns the files in the order of their paths, and with each that cannot be visited the reason.
   * A file is its own tree.
   */
  static SortedMap<Path, Optional<FileError>> of(Path root) {
    var files = new TreeMap<Path, Optional<FileError>>();
    Set<Path> folders = new HashSet<>();
    try {
      Files.walkFileTree(
          root,
          EnumSet.of(FileVisitOption.FOLLOW_LINKS),
          Integer.MAX_VALUE,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
                throws IOException {
              return folders.add(folder.toRealPath())
                  ? FileVisitResult.CONTINUE
                  : FileVisitResult.SKIP_SUBTREE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              files.put(
                  file,
                  attributes.isRegularFile()
                      ? Optional.empty()
                      : Optional.of(new FileError("it is no regular file", "Name a DICOM file")));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              if (!(e instanceof FileSystemLoopException)) {
                files.put(file, Optional.of(FileError.reading(file, e)));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw ImagingException.unreadable(root, e);
    }
    return files;
  }
}
