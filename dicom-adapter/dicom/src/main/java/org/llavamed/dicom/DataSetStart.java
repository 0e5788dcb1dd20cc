package org.llavamed.dicom;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The first attributes of a file, and where its data set lies: enough to send, file or list it
 * without reading it whole.
 *
 * @param file the file
 * @param transferSyntaxUid as stated, or as recognised where the file states none or a wrong one
 * @param fileMeta the file meta information; without attributes where there is none
 * @param attributes the attributes of the data set up to the tag that was asked for
 * @param offset of the data set in the file, in bytes
 * @param length of the data set as it is coded, in bytes
 */
public record DataSetStart(
    Path file,
    String transferSyntaxUid,
    DataSet fileMeta,
    DataSet attributes,
    long offset,
    long length) {
  private static final int CHUNK = 1 << 17;

  /**
   * Copies the data set as it is coded, without preamble and file meta information.
   *
   * @throws EOFException if the file has become shorter
   */
  public void copyTo(OutputStream out) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      copy(channel, out);
    }
  }

  private void copy(FileChannel channel, OutputStream out) throws IOException {
    byte[] chunk = new byte[(int) Math.min(CHUNK, Math.max(1, length))];
    channel.position(offset);
    long left = length;
    while (left > 0) {
      ByteBuffer part = ByteBuffer.wrap(chunk, 0, (int) Math.min(chunk.length, left));
      int count = channel.read(part);
      if (count < 0) {
        throw new EOFException("%s has become %d bytes shorter".formatted(file, left));
      }
      out.write(chunk, 0, count);
      left -= count;
    }
  }
}
