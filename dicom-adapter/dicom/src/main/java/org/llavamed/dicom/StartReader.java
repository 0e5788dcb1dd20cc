package org.llavamed.dicom;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import org.llavamed.dicom.internal.ByteReader;
import org.llavamed.dicom.internal.ByteSource;
import org.llavamed.dicom.internal.FileSource;
import org.llavamed.dicom.internal.MemorySource;
import org.llavamed.imaging.ImagingException;

/** Reads the first attributes of a file, in little memory whatever the file holds. */
final class StartReader {
  private static final int START = 1024;
  private static final int MOST_BYTES = 1 << 24;
  private static final int MOST_ELEMENTS = 100_000;
  private static final int MOST_INFLATED = 1 << 22;

  private StartReader() {}

  static DataSetStart read(Path file, int lastTag) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (Files.isDirectory(file)) {
        throw ImagingException.damaged(file, "this is a folder", "Name a file");
      }
      return read(file, new FileSource.Open(channel, channel.size()), lastTag);
    } catch (IOException e) {
      throw ImagingException.unreadable(file, e);
    }
  }

  private static DataSetStart read(Path file, ByteSource source, int lastTag) throws IOException {
    ByteReader in = new ByteReader(source);
    byte[] start = in.take((int) Math.min(START, source.size()));
    in.seek(Part10Reader.start(file, start, source.size()));
    Limits limits = new Limits(MOST_BYTES, MOST_ELEMENTS);
    DataSet meta = new DataSetParser(in, file, limits).meta();
    String declared = meta.string(Tag.TransferSyntaxUID).orElse("");
    long offset = in.position();
    if (!declared.isEmpty() && Encoding.of(declared).deflated()) {
      ByteReader inflated = new ByteReader(inflate(file, source, offset));
      DataSet dataSet = new DataSetParser(inflated, file, limits).start(Encoding.EXPLICIT, lastTag);
      return new DataSetStart(file, declared, meta, dataSet, offset, source.size() - offset);
    }
    Recognition.Syntax syntax = Recognition.syntax(in, declared);
    DataSet dataSet = new DataSetParser(in, file, limits).start(syntax.encoding(), lastTag);
    if (syntax.encoding().explicit() != Encoding.of(syntax.uid()).explicit()) {
      throw ImagingException.damaged(
          file,
          "the data set is coded implicitly, transfer syntax %s is explicit"
              .formatted(syntax.uid()),
          "Write the object again");
    }
    return new DataSetStart(file, syntax.uid(), meta, dataSet, offset, source.size() - offset);
  }

  /** Inflates what the first attributes need at most. */
  private static ByteSource inflate(Path file, ByteSource source, long offset) throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      int count = (int) Math.min(MOST_INFLATED, source.size() - offset);
      inflater.setInput(source.slice(offset, count));
      byte[] bytes = new byte[MOST_INFLATED];
      int size = 0;
      int more = inflater.inflate(bytes);
      while (more > 0) {
        size += more;
        more = size < bytes.length ? inflater.inflate(bytes, size, bytes.length - size) : 0;
      }
      return new MemorySource(ByteBuffer.wrap(bytes, 0, size));
    } catch (DataFormatException e) {
      throw ImagingException.damaged(
          file,
          "the deflated data set is damaged (%s)".formatted(e.getMessage()),
          "Copy or export the file again",
          e);
    } finally {
      inflater.end();
    }
  }
}
