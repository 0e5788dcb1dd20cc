package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DataSetStart;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.NetworkException;

/**
 * The folder of received objects: {@code STUDY/SERIES/INSTANCE.dcm}. An object is written to a
 * temporary file in {@code .incoming}, synced, and moved to its place; the folder that gets it is
 * synced too. The same bytes again change nothing; other bytes of the same SOP Instance UID are
 * kept beside as {@code INSTANCE_2.dcm}, {@code INSTANCE_3.dcm} and so on.
 */
final class InstanceStore {
  private static final System.Logger LOGGER = System.getLogger(InstanceStore.class.getName());
  private static final int MOST_VERSIONS = 100;
  private static final int LOCKS = 64;
  private static final int MOST_SYNCED = 10_000;
  private static final boolean POSIX =
      FileSystems.getDefault().supportedFileAttributeViews().contains("posix");

  private final Path folder;
  private final Sync sync;
  private final Incoming incoming;
  private final Set<Path> synced = ConcurrentHashMap.newKeySet();
  private final ReentrantLock[] locks = new ReentrantLock[LOCKS];

  /** Has the disk keep what was written to a file, or the names in a folder. */
  @FunctionalInterface
  interface Sync {
    /** Returns when it is kept. */
    void force(FileChannel channel, Path path) throws IOException;
  }

  /**
   * Opens a folder, and removes what an earlier run left unfinished.
   *
   * @throws NetworkException if it cannot be written
   */
  InstanceStore(Path folder) {
    this(folder, (channel, path) -> channel.force(true));
  }

  /** As {@link #InstanceStore(Path)}, with a sync of its own. */
  InstanceStore(Path folder, Sync sync) {
    this.folder = folder.toAbsolutePath().normalize();
    this.sync = sync;
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new ReentrantLock();
    }
    try {
      this.incoming = new Incoming(this.folder.resolve(".incoming"));
      Path parent = this.folder.getParent();
      if (parent != null && Files.isReadable(parent)) {
        syncFolder(parent);
      }
    } catch (IOException e) {
      throw NetworkException.failed(
          folder,
          "the folder for received objects cannot be used (%s)".formatted(e),
          "Name a folder that may be written",
          e);
    }
  }

  /** Returns the name of a new temporary file. */
  Path temporary() {
    return incoming.next();
  }

  /** Makes what was written to a temporary file last. */
  void sync(FileChannel channel, Path temporary) throws IOException {
    sync.force(channel, temporary);
  }

  /** Returns the bytes that are free on the disk; 0 where the system does not tell. */
  long free() {
    return folder.toFile().getUsableSpace();
  }

  /**
   * Where an object went.
   *
   * @param file its file
   * @param repeated whether the same bytes were there already
   */
  record Place(Path file, boolean repeated) {}

  /**
   * Moves a temporary file, which is synced, to its place.
   *
   * @param sopClassUid as the peer said it
   * @param sopInstanceUid as the peer said it
   * @throws RefusedException if the object contradicts what the peer said or cannot be understood
   */
  Place keep(Path temporary, String sopClassUid, String sopInstanceUid)
      throws IOException, RefusedException {
    DataSet attributes = attributes(temporary);
    same(attributes, Tag.SOPClassUID, sopClassUid);
    same(attributes, Tag.SOPInstanceUID, sopInstanceUid);
    Path study = folder.resolve(uid(attributes, Tag.StudyInstanceUID, "Study Instance UID"));
    Path series = study.resolve(uid(attributes, Tag.SeriesInstanceUID, "Series Instance UID"));
    ReentrantLock lock = locks[Math.floorMod(sopInstanceUid.hashCode(), LOCKS)];
    lock.lock();
    try {
      createFolders(study, series);
      return keep(temporary, series, sopInstanceUid);
    } finally {
      lock.unlock();
    }
  }

  private static DataSet attributes(Path temporary) throws RefusedException {
    try {
      DataSetStart start = new Part10Reader().readStart(temporary, Tag.SeriesInstanceUID);
      start.checkWhole();
      return start.attributes();
    } catch (ImagingException e) {
      LOGGER.log(System.Logger.Level.WARNING, "An object was refused: {0}", e.getMessage());
      throw new RefusedException(Status.CANNOT_UNDERSTAND, "data set cannot be parsed");
    }
  }

  private static void same(DataSet attributes, int tag, String said) throws RefusedException {
    String found = attributes.string(tag).orElse("");
    if (!found.equals(said)) {
      throw new RefusedException(
          Status.DATA_SET_MISMATCH,
          tag == Tag.SOPClassUID
              ? "SOP Class UID differs from the command's"
              : "SOP Instance UID differs from the command's");
    }
  }

  private static String uid(DataSet attributes, int tag, String name) throws RefusedException {
    String uid = attributes.string(tag).orElse("");
    if (!Uid.isValid(uid)) {
      throw new RefusedException(Status.CANNOT_UNDERSTAND, name + " is missing or no UID");
    }
    return uid;
  }

  /** Makes the folders last; also those of an earlier attempt that failed in between. */
  private void createFolders(Path study, Path series) throws IOException {
    if (synced.contains(series) && Files.isDirectory(series)) {
      return;
    }
    Files.createDirectories(series);
    syncFolder(study);
    syncFolder(folder);
    if (synced.size() >= MOST_SYNCED) {
      synced.clear();
    }
    synced.add(series);
  }

  private Place keep(Path temporary, Path series, String sopInstanceUid)
      throws IOException, RefusedException {
    for (int version = 1; version <= MOST_VERSIONS; version++) {
      Path file = series.resolve(sopInstanceUid + (version == 1 ? "" : "_" + version) + ".dcm");
      if (!Files.exists(file) && place(temporary, file)) {
        syncFolder(series);
        return new Place(file, false);
      }
      if (Files.mismatch(temporary, file) < 0) {
        Files.delete(temporary);
        return new Place(file, true);
      }
    }
    throw new RefusedException(
        Status.OUT_OF_RESOURCES, "%d versions of the instance exist".formatted(MOST_VERSIONS));
  }

  /**
   * Gives a file its name by a link, which never overwrites; by a move where the disk has no links.
   *
   * @return false where another process has put a file there meanwhile
   */
  private static boolean place(Path temporary, Path file) throws IOException {
    try {
      Files.createLink(file, temporary);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "No link, but a move: {0}", e.toString());
      Files.move(temporary, file);
    }
    Incoming.discard(temporary);
    return true;
  }

  /** Makes the names in a folder last; systems other than POSIX do so by themselves. */
  private void syncFolder(Path directory) throws IOException {
    if (POSIX) {
      try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
        sync.force(channel, directory);
      }
    }
  }

  /** Reads a stream to its end or to a number of bytes; returns whether the end was reached. */
  static boolean drain(InputStream in, long most) throws IOException {
    byte[] chunk = new byte[1 << 16];
    long left = most;
    int count = in.read(chunk);
    while (count >= 0 && left > 0) {
      left -= count;
      count = in.read(chunk);
    }
    return count < 0;
  }
}
