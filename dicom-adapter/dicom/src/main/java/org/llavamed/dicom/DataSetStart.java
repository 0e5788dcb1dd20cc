package org.llavamed.dicom;

import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.llavamed.dicom.internal.ByteReader;
import org.llavamed.dicom.internal.FileSource;
import org.llavamed.imaging.ImagingException;

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

  /**
   * Checks that the data set does not end within an element. Values are passed over, not read; a
   * deflated data set is not looked into.
   *
   * @throws ImagingException if the file was cut short or cannot be read
   */
  public void checkWhole() {
    Encoding encoding = Encoding.of(transferSyntaxUid);
    if (encoding.deflated()) {
      return;
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteReader in = new ByteReader(new FileSource.Open(channel, offset + length));
      in.seek(offset);
      checkWhole(in, encoding);
    } catch (IOException e) {
      throw ImagingException.unreadable(file, e);
    }
  }

  private void checkWhole(ByteReader in, Encoding encoding) throws IOException {
    HeaderReader headers = new HeaderReader(in, file);
    while (in.remaining() >= HeaderReader.SHORTEST) {
      HeaderReader.Header header = headers.element(encoding, in.size());
      if (header.undefined() && header.vr() == Vr.UN) {
        return; // what follows is coded implicitly
      }
      if (!header.undefined()) { // else its items follow, which have headers too
        headers.checkLength(header, in.size());
        in.seek(in.position() + header.length());
      }
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
