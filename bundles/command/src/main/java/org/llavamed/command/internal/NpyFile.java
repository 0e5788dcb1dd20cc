package org.llavamed.command.internal;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.internal.StoredValues.Shape;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/**
 * An array file in NumPy's format, version 1.0, written frame by frame into a temporary file beside
 * it that takes its name when it is whole.
 */
final class NpyFile implements StoredValues.Sink, AutoCloseable {
  /** The format wants header and data to meet at a multiple of this. */
  private static final int ALIGNMENT = 64;

  private static final int PREAMBLE = 10;

  private final Path file;
  private @Nullable Path temporary;
  private @Nullable WritableByteChannel channel;

  NpyFile(Path file) {
    this.file = file;
  }

  @Override
  public void take(Shape shape, StoredFrame frame) {
    try {
      WritableByteChannel open = channel;
      if (open == null) {
        open = open(shape, frame.type());
        channel = open;
      }
      var values = frame.values();
      while (values.hasRemaining()) {
        open.write(values);
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /**
   * Gives the file its name.
   *
   * @throws ImagingException if that fails
   */
  void finish() {
    try {
      closeChannel();
      if (temporary != null) {
        Files.move(temporary, file, StandardCopyOption.REPLACE_EXISTING);
        temporary = null;
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  /** Removes what is not finished. */
  @Override
  public void close() {
    try {
      closeChannel();
      if (temporary != null) {
        Files.deleteIfExists(temporary);
        temporary = null;
      }
    } catch (IOException e) {
      throw failure(e);
    }
  }

  private void closeChannel() throws IOException {
    if (channel != null) {
      channel.close();
      channel = null;
    }
  }

  private WritableByteChannel open(Shape shape, SampleType type) throws IOException {
    Path part = file.resolveSibling('.' + file.getFileName().toString() + ".part");
    OutputStream out = new BufferedOutputStream(Files.newOutputStream(part), 1 << 16);
    temporary = part;
    out.write(header(shape, type));
    return Channels.newChannel(out);
  }

  static byte[] header(Shape shape, SampleType type) {
    String name = type.numpyName();
    char kind = name.startsWith("u") ? 'u' : name.startsWith("i") ? 'i' : 'f';
    String text =
        "{'descr': '%s%c%d', 'fortran_order': False, 'shape': (%s), }"
            .formatted(type.bytes() == 1 ? "|" : "<", kind, type.bytes(), shape.join(", "));
    int length = (PREAMBLE + text.length() + 1 + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT - PREAMBLE;
    String padded = text + " ".repeat(length - text.length() - 1) + "\n";
    byte[] header = ("\0NUMPY\1\0\0\0" + padded).getBytes(StandardCharsets.ISO_8859_1);
    header[0] = (byte) 0x93;
    header[8] = (byte) length;
    header[9] = (byte) (length >> 8);
    return header;
  }

  private ImagingException failure(IOException e) {
    return ImagingException.unwritable(file, e);
  }
}
