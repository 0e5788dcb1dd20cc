package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.llavamed.files.FileError;
import org.llavamed.network.NetworkException;

/** Files that are there under their own names only when they are whole and on the disk. */
final class WebFiles {
  private static final int BUFFER = 1 << 16;

  private WebFiles() {}

  /**
   * Makes a folder.
   *
   * @throws NetworkException if it cannot be made
   */
  static Path folder(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException e) {
      throw disk(folder, e);
    }
  }

  /**
   * Writes a body to a temporary file of the folder and syncs it.
   *
   * @param most bytes
   * @param where for messages
   * @throws IOException if the body breaks off
   * @throws NetworkException if it is too long, or the disk does not take it
   */
  static Path write(InputStream body, Path folder, long most, Object where) throws IOException {
    Path part = temporary(folder);
    boolean whole = false;
    try (Output out = new Output(part)) {
      byte[] buffer = new byte[BUFFER];
      long sum = 0;
      for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
        sum += count;
        if (sum > most) {
          throw NetworkException.failed(
              where, "the answer has more than %d bytes".formatted(most), "Raise the limit");
        }
        out.write(ByteBuffer.wrap(buffer, 0, count));
      }
      out.sync();
      whole = true;
    } finally {
      if (!whole) {
        discard(part);
      }
    }
    return part;
  }

  private static Path temporary(Path folder) {
    try {
      return Files.createTempFile(folder, ".", ".part");
    } catch (IOException e) {
      throw disk(folder, e);
    }
  }

  /** Gives a written file its name. */
  static Path finish(Path part, Path file) {
    try {
      try {
        return Files.move(part, file, StandardCopyOption.ATOMIC_MOVE);
      } catch (AtomicMoveNotSupportedException e) {
        return Files.move(part, file, StandardCopyOption.REPLACE_EXISTING);
      }
    } catch (IOException e) {
      discard(part);
      throw disk(file, e);
    }
  }

  static void discard(Path part) {
    try {
      Files.deleteIfExists(part);
    } catch (IOException e) {
      System.getLogger(WebFiles.class.getName())
          .log(System.Logger.Level.WARNING, "{0} cannot be deleted: {1}", part, e);
    }
  }

  private static NetworkException disk(Path file, IOException e) {
    FileError error = FileError.writing(file, e);
    return NetworkException.failed(file, error.found(), error.advice(), e);
  }

  /** A file whose errors are not taken for the peer's. */
  private static final class Output implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;

    Output(Path file) {
      this.file = file;
      try {
        this.channel = FileChannel.open(file, StandardOpenOption.WRITE);
      } catch (IOException e) {
        throw disk(file, e);
      }
    }

    void write(ByteBuffer bytes) {
      try {
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
      } catch (IOException e) {
        throw disk(file, e);
      }
    }

    void sync() {
      try {
        channel.force(true);
      } catch (IOException e) {
        throw disk(file, e);
      }
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException e) {
        throw disk(file, e);
      }
    }
  }
}
