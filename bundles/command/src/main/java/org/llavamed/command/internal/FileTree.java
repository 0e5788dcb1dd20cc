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
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.llavamed.imaging.ImagingException;

/** The files below a folder, each once, links followed but not in circles. */
final class FileTree {
  private FileTree() {}

  /**
   * Returns the files in the order of their paths, and with each that cannot be visited the reason;
   * {@code ""} for those that can. A file is its own tree.
   */
  static SortedMap<Path, String> of(Path root) {
    var files = new TreeMap<Path, String>();
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
              files.put(file, attributes.isRegularFile() ? "" : "no regular file");
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) {
              if (!(e instanceof FileSystemLoopException)) {
                files.put(file, "cannot be read (%s)".formatted(e));
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw ImagingException.damaged(
          root, "cannot be read (%s)".formatted(e), "Give yourself the right to read it", e);
    }
    return files;
  }
}
