package org.llavamed.model.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Hashes of the large files of a model, so that they are not computed at every start. A file is
 * hashed again when its size, its times or its place on the disk have changed, which every write
 * and every copy does, and always where the system does not tell when it was changed, as Windows.
 * Only bytes that change behind the file system's back, as on a failing disk, go unseen until all
 * files are hashed again. Small files are always hashed. Safe for use by several threads.
 */
final class VerifiedFiles {
  static final String NAME = "llavamed-verified.json";
  static final long LARGE = 64L << 20;

  private final Notes notes;
  private final long large;
  private final boolean trusting;
  private final List<Content> before;
  private final Map<String, Entry> now = new ConcurrentHashMap<>();

  /**
   * What the file system tells of a file.
   *
   * @param size in bytes
   * @param modified time of the last write
   * @param changed time of the last change of any kind, which no program sets; empty where not told
   * @param place of the file on its disk; empty where not told
   */
  record Stamp(long size, String modified, String changed, String place) {
    static Stamp of(Path file) throws IOException {
      BasicFileAttributes basic = Files.readAttributes(file, BasicFileAttributes.class);
      boolean unix = file.getFileSystem().supportedFileAttributeViews().contains("unix");
      return new Stamp(
          basic.size(),
          basic.lastModifiedTime().toString(),
          unix ? Files.getAttribute(file, "unix:ctime").toString() : "",
          Objects.toString(basic.fileKey(), ""));
    }

    /** Returns whether no write goes unseen: any program may set the other time. */
    boolean tells() {
      return !changed.isEmpty();
    }
  }

  /** A file that had this hash when it had this stamp. */
  record Entry(Stamp stamp, String sha256) {}

  /** All entries, by the file's path in the folder. */
  record Content(Map<String, Entry> files) {
    Content {
      files = new TreeMap<>(files);
      if (files.containsValue(null)) {
        throw new IllegalArgumentException("files holds null");
      }
    }
  }

  /**
   * Reads what was verified before.
   *
   * @param trusting whether that is believed; else all files are hashed
   */
  VerifiedFiles(Notes notes, boolean trusting) {
    this(notes, trusting, LARGE);
  }

  /**
   * Sets what is large.
   *
   * @param large least bytes of a file whose hash is kept
   */
  VerifiedFiles(Notes notes, boolean trusting, long large) {
    this.notes = notes;
    this.large = large;
    this.trusting = trusting;
    this.before = notes.read(NAME, Content.class);
  }

  /** Returns the SHA-256 of a file, computed where it has to be. */
  String hash(String name, Path file) throws IOException {
    Stamp stamp = Stamp.of(file);
    if (stamp.size() < large) {
      return Hashes.of(file);
    }
    for (Content content : before) {
      Entry known = content.files().get(name);
      if (trusting && stamp.tells() && known != null && known.stamp().equals(stamp)) {
        now.put(name, known);
        return known.sha256();
      }
    }
    String hash = Hashes.of(file);
    if (stamp.tells() && Stamp.of(file).equals(stamp)) {
      now.put(name, new Entry(stamp, hash));
    }
    return hash;
  }

  /** Keeps what is known now for the next start. */
  void keep() {
    if (!now.isEmpty() && before.stream().noneMatch(content -> content.files().equals(now))) {
      notes.write(NAME, new Content(now));
    }
  }
}
