package org.llavamed.study.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Enumeration;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.ImagingException;

/**
 * Unpacks zip archives and standard input to a temporary folder that is deleted at the end. Names
 * within an archive become names below that folder whatever they say; nothing is written while less
 * than {@value #LEAST_FREE} bytes are free on the disk, nor more than an honest archive of its size
 * holds.
 */
final class Archives implements AutoCloseable {
  private static final Logger LOG = System.getLogger(Archives.class.getName());
  private static final int MOST_ENTRIES = 1_000_000;
  private static final long LEAST_FREE = 256L << 20;
  private static final int BLOCK = 1 << 16;
  private static final int MAGIC = 4;

  /** An archive may unpack to this many times its size, and {@link #ALLOWANCE} bytes more. */
  private static final long MOST_TIMES = 100;

  private static final long ALLOWANCE = 1L << 30;

  private final InputStream standardInput;
  private final long allowance;
  private @Nullable Path folder;
  private int archives;

  Archives(InputStream standardInput) {
    this(standardInput, ALLOWANCE);
  }

  /**
   * Makes one with another allowance.
   *
   * @param allowance how many bytes any archive may unpack to
   */
  Archives(InputStream standardInput, long allowance) {
    this.standardInput = standardInput;
    this.allowance = allowance;
  }

  /** Returns whether a file begins like a zip archive. */
  static boolean isArchive(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] start = in.readNBytes(MAGIC);
      return start.length == MAGIC
          && start[0] == 'P'
          && start[1] == 'K'
          && ((start[2] == 3 && start[3] == 4) || (start[2] == 5 && start[3] == 6));
    } catch (IOException e) {
      return false;
    }
  }

  /** Returns whether a file was unpacked from an archive here. */
  boolean holds(Path file) {
    return folder != null && file.startsWith(folder.resolve("archive"));
  }

  /** Writes standard input to a file and returns it. */
  Path standardInput() throws IOException {
    Path file = folder().resolve("standard-input");
    copy(standardInput, file, new Budget("Standard input", Long.MAX_VALUE));
    if (Files.size(file) == 0) {
      throw ImagingException.damaged(
          "Standard input", "it is empty", "Pipe a DICOM object or a zip archive into it");
    }
    return file;
  }

  /**
   * Unpacks an archive and returns the folder of its files.
   *
   * @param remarks hears of entries that are damaged; the others are unpacked
   * @throws IOException if its directory is damaged, or it is encrypted
   * @throws ImagingException if it is too large for the disk, or much larger than it looks
   */
  Path unpack(Path archive, Remarks remarks) throws IOException {
    Path target =
        folder().resolve("archive").resolve(Integer.toString(archives++)).resolve(name(archive));
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      if (zip.size() > MOST_ENTRIES) {
        throw ImagingException.damaged(
            archive,
            "%d entries, expected at most %d".formatted(zip.size(), MOST_ENTRIES),
            "Unpack it and name its folder");
      }
      Files.createDirectories(target);
      var budget = new Budget(archive, MOST_TIMES * Files.size(archive) + allowance);
      Enumeration<? extends ZipEntry> entries = zip.entries();
      for (int i = 0; entries.hasMoreElements() && !Thread.currentThread().isInterrupted(); i++) {
        ZipEntry entry = entries.nextElement();
        if (!entry.isDirectory()) {
          unpack(zip, entry, place(target, entry.getName(), i), budget, remarks);
        }
      }
    }
    return target;
  }

  private static void unpack(ZipFile zip, ZipEntry entry, Path file, Budget budget, Remarks remarks)
      throws IOException {
    try (var in = new CheckedInputStream(zip.getInputStream(entry), new CRC32())) {
      copy(in, file, budget);
      if (in.getChecksum().getValue() != entry.getCrc()) {
        throw new ZipException("its checksum differs");
      }
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      Files.deleteIfExists(file);
      remarks.failed(
          file, "cannot be unpacked (%s)".formatted(e.getMessage()), "Copy its archive again");
    }
  }

  /** Returns where an entry goes: below the target, and on no other entry's place. */
  private static Path place(Path target, String name, int index) throws IOException {
    Path place = target;
    for (String part : name.split("[/\\\\]", -1)) {
      String safe = part.replaceAll("[^A-Za-z0-9._ -]", "_");
      if (!safe.isBlank() && !safe.matches("\\.+")) {
        place = place.resolve(safe.substring(0, Math.min(safe.length(), 100)));
      }
    }
    Path parent = place.getParent();
    if (place.equals(target) || Files.exists(place) || !isFolder(parent)) {
      return target.resolve("entry-" + index);
    }
    return place;
  }

  private static boolean isFolder(@Nullable Path parent) {
    try {
      return parent != null && Files.isDirectory(Files.createDirectories(parent));
    } catch (IOException e) {
      return false;
    }
  }

  private static String name(Path archive) {
    Path name = archive.getFileName();
    return name == null ? "archive" : name.toString();
  }

  private static void copy(InputStream in, Path file, Budget budget) throws IOException {
    byte[] block = new byte[BLOCK];
    try (OutputStream out = Files.newOutputStream(file)) {
      long sinceChecked = LEAST_FREE;
      for (int n = in.read(block); n >= 0; n = in.read(block)) {
        if (Thread.currentThread().isInterrupted()) {
          throw new InterruptedIOException("interrupted");
        }
        budget.take(n);
        sinceChecked += n;
        if (sinceChecked >= LEAST_FREE / 16) {
          sinceChecked = 0;
          checkSpace(file, budget.where);
        }
        out.write(block, 0, n);
      }
    }
  }

  /** How many bytes may still be written of an input. */
  private static final class Budget {
    private final Object where;
    private final long most;
    private long taken;

    Budget(Object where, long most) {
      this.where = where;
      this.most = most;
    }

    void take(int bytes) {
      taken += bytes;
      if (taken > most) {
        throw ImagingException.damaged(
            where,
            "it unpacks to more than %d bytes, expected at most %d times its size and %d"
                .formatted(most, MOST_TIMES, ALLOWANCE),
            "Look whether it is what it seems, unpack it and name its folder");
      }
    }
  }

  private static void checkSpace(Path file, Object where) {
    long free = file.toFile().getUsableSpace();
    if (free < LEAST_FREE) {
      throw ImagingException.damaged(
          where,
          "unpacking it leaves %d bytes on the disk of %s, expected %d"
              .formatted(free, file.getParent(), LEAST_FREE),
          "Free some space, or set java.io.tmpdir to a folder of another disk");
    }
  }

  private Path folder() throws IOException {
    Path made = folder;
    if (made == null) {
      made = Files.createTempDirectory("llavamed-input-");
      folder = made;
    }
    return made;
  }

  @Override
  public void close() {
    Path made = folder;
    folder = null;
    if (made == null) {
      return;
    }
    try (Stream<Path> below = Files.walk(made)) {
      List<Path> deepestFirst = below.sorted(Comparator.reverseOrder()).toList();
      for (Path path : deepestFirst) {
        Files.delete(path);
      }
    } catch (IOException e) {
      LOG.log(Level.WARNING, "{0} cannot be deleted: {1}", made, e);
    }
  }
}
