package org.llavamed.dicom.internal;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A file that is opened for each access and closed again, so that any number of objects can be kept
 * without holding files open. Positional reads are used instead of a mapping: a mapped file that
 * another process cuts short makes the JVM throw InternalError at any access, and a mapping is
 * limited to 2 GiB and released only by the garbage collector.
 */
public final class FileSource implements ByteSource {
  private final Path file;
  private final long size;

  private FileSource(Path file, long size) {
    this.file = file;
    this.size = size;
  }

  /** Returns the source of a file with the size that it has now. */
  public static FileSource of(Path file) throws IOException {
    return new FileSource(file, Files.size(file));
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void read(long offset, ByteBuffer target) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      read(channel, offset, target);
    }
  }

  @Override
  public <T> T reading(Reading<T> work) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return work.of(new Open(channel, size));
    }
  }

  /** A source over one open channel, for the many small reads of parsing. */
  public record Open(FileChannel channel, long size) implements ByteSource {
    @Override
    public void read(long offset, ByteBuffer target) throws IOException {
      FileSource.read(channel, offset, target);
    }
  }

  private static void read(FileChannel channel, long offset, ByteBuffer target) throws IOException {
    long position = offset;
    while (target.hasRemaining()) {
      int count = channel.read(target, position);
      if (count < 0) {
        throw new EOFException(
            "the file ends at byte %d, %d more were expected"
                .formatted(position, target.remaining()));
      }
      position += count;
    }
  }
}
