package org.llavamed.study.internal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Finds the entries of folders by name in any case. Each folder is listed once: a DICOMDIR may
 * refer to a million files of one folder.
 */
final class FolderNames {
  private final Lister lister;
  private final Map<Path, Map<String, Path>> folders = new HashMap<>();

  FolderNames(Lister lister) {
    this.lister = lister;
  }

  /** Lists the entries of a folder. */
  @FunctionalInterface
  interface Lister {
    List<Path> list(Path folder) throws IOException;
  }

  /**
   * Returns the first entry with this name; empty where there is none or the folder is unreadable.
   */
  Optional<Path> find(Path folder, String name) {
    return Optional.ofNullable(
        folders.computeIfAbsent(folder, this::names).get(name.toLowerCase(Locale.ROOT)));
  }

  private Map<String, Path> names(Path folder) {
    Map<String, Path> names = new HashMap<>();
    try {
      for (Path entry : lister.list(folder)) {
        names.putIfAbsent(entry.getFileName().toString().toLowerCase(Locale.ROOT), entry);
      }
    } catch (IOException e) {
      return Map.of();
    }
    return names;
  }
}
