package org.llavamed.dicom.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.llavamed.imaging.ImagingException;

/** Inflates a data set of the deflated transfer syntax (PS3.5 annex A.5), up to a limit. */
public final class Inflation {
  private static final int CHUNK = 1 << 16;

  private Inflation() {}

  /**
   * Inflates all bytes from an offset to the end of a source.
   *
   * @param limit most bytes that may come out
   * @throws ImagingException if the stream is damaged, ends early or gives more than the limit
   */
  public static ByteSource inflate(Object where, ByteSource source, long offset, long limit)
      throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      return inflate(where, source, offset, limit, inflater);
    } catch (DataFormatException e) {
      throw ImagingException.damaged(
          where,
          "the deflated data set is damaged at offset %d (%s)"
              .formatted(offset + inflater.getBytesRead(), e.getMessage()),
          "Copy or export the file again",
          e);
    } finally {
      inflater.end();
    }
  }

  private static ByteSource inflate(
      Object where, ByteSource source, long offset, long limit, Inflater inflater)
      throws IOException, DataFormatException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    byte[] chunk = new byte[CHUNK];
    long position = offset;
    while (!inflater.finished()) {
      // All input may be taken while there is still output: a few bytes stand for many.
      // The end mark gives no output, but it is the end.
      int count = inflater.inflate(chunk);
      if (count == 0 && !inflater.finished()) {
        int more = (int) Math.min(CHUNK, source.size() - position);
        if (more == 0) {
          throw ImagingException.damaged(
              where,
              "the deflated data set ends after %d bytes without its end mark"
                  .formatted(source.size() - offset),
              "The file is truncated: copy or export it again");
        }
        inflater.setInput(source.slice(position, more));
        position += more;
      }
      if (out.size() + (long) count > limit) {
        throw ImagingException.damaged(
            where,
            "the deflated data set inflates to more than %d bytes".formatted(limit),
            "Give the JVM more memory (-Xmx) if the file is sound");
      }
      out.write(chunk, 0, count);
    }
    return new MemorySource(ByteBuffer.wrap(out.toByteArray()));
  }
}
