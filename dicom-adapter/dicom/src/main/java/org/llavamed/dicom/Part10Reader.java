package org.llavamed.dicom;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.internal.ByteReader;
import org.llavamed.dicom.internal.ByteSource;
import org.llavamed.dicom.internal.FileKind;
import org.llavamed.dicom.internal.FileSource;
import org.llavamed.dicom.internal.Inflation;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/**
 * Reads Part 10 files (PS3.10 section 7) and data sets that lack preamble or file meta information,
 * in all transfer syntaxes of PS3.5 annex A. Without state, safe for use by several threads. Files
 * are open only while they are read; pixel data stays in them.
 */
@Component(service = ObjectReader.class)
public final class Part10Reader implements ObjectReader {
  private static final int PREAMBLE = 128;
  private static final int MAGIC = 4;
  private static final int START = 1024;

  /** Makes a reader. */
  @Activate
  public Part10Reader() {}

  @Override
  public Part10Object read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      if (Files.isDirectory(file)) {
        throw ImagingException.damaged(file, "this is a folder", "Name a file");
      }
      return read(file, new FileSource.Open(channel, channel.size()));
    } catch (IOException e) {
      throw ImagingException.unreadable(file, e);
    }
  }

  @Override
  public Optional<String> otherKind(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty(); // a pipe would wait for somebody to write
    }
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      ByteReader in = new ByteReader(new FileSource.Open(channel, channel.size()));
      byte[] start = in.take((int) Math.min(START, channel.size()));
      return begin(start, channel.size()) < 0 && !FileKind.mayBeDicom(start)
          ? FileKind.describe(start)
          : Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static Part10Object read(Path file, ByteSource source) throws IOException {
    ByteReader in = new ByteReader(source);
    byte[] start = in.take((int) Math.min(START, source.size()));
    in.seek(start(file, start, source.size()));
    Limits limits = Limits.ofHeap();
    DataSet meta = new DataSetParser(in, file, limits).meta();
    String declared = meta.string(Tag.TransferSyntaxUID).orElse("");
    if (!declared.isEmpty() && Encoding.of(declared).deflated()) {
      return inflated(file, source, in.position(), meta, limits);
    }
    Recognition.Syntax syntax = Recognition.syntax(in, declared);
    DataSetParser parser = new DataSetParser(in, file, limits);
    DataSet dataSet = parser.dataSet(syntax.encoding());
    checkNotEmpty(file, meta, dataSet, parser.pixels());
    StoredPixels pixels = pixels(file, FileSource.of(file), parser.pixels(), dataSet);
    return new Part10Object(file, syntax.uid(), meta, dataSet, pixels, parser.leftOut());
  }

  /**
   * Reads only the first attributes of a file.
   *
   * @param lastTag the last tag of the data set that is of interest
   * @throws ImagingException as {@link #read(Path)}, for what is wrong up to there
   */
  public DataSetStart readStart(Path file, int lastTag) {
    return StartReader.read(file, lastTag);
  }

  private static Part10Object inflated(
      Path file, ByteSource source, long offset, DataSet meta, Limits limits) throws IOException {
    ByteSource bytes = Inflation.inflate(file, source, offset, limits.mostInflated());
    DataSetParser parser = new DataSetParser(new ByteReader(bytes), file, limits);
    DataSet dataSet = parser.dataSet(Encoding.EXPLICIT);
    checkNotEmpty(file, meta, dataSet, parser.pixels());
    return new Part10Object(
        file,
        meta.string(Tag.TransferSyntaxUID).orElse(Uids.DeflatedExplicitVRLittleEndian),
        meta,
        dataSet,
        pixels(file, bytes, parser.pixels(), dataSet),
        parser.leftOut());
  }

  private static @Nullable StoredPixels pixels(
      Path file, ByteSource source, @Nullable PixelRegion region, DataSet dataSet) {
    return region == null ? null : new StoredPixels(file, source, region, dataSet);
  }

  private static void checkNotEmpty(
      Path file, DataSet meta, DataSet dataSet, @Nullable PixelRegion pixels) {
    if (dataSet.isEmpty() && pixels == null) {
      throw ImagingException.damaged(
          file,
          meta.isEmpty()
              ? "nothing follows the mark DICM"
              : "nothing follows the file meta information",
          "The file is truncated: copy or export it again");
    }
  }

  /** Returns the offset of the first element. */
  static long start(Path file, byte[] start, long size) {
    if (size == 0) {
      throw ImagingException.damaged(file, "the file is empty", "Copy or export it again");
    }
    if (FileKind.isEncrypted(start)) {
      throw ImagingException.unsupported(
          file, "an encrypted file (CMS enveloped data, PS3.15)", "Decrypt it first");
    }
    long begin = begin(start, size);
    if (begin >= 0) {
      return begin;
    }
    throw ImagingException.damaged(
        file,
        FileKind.describe(start)
            .map(kind -> "this is no DICOM file, it looks like " + kind)
            .orElse("this is no DICOM file, the mark DICM is missing at offset 128"),
        "Name a DICOM file");
  }

  /** Returns the offset of the first element; -1 where this is no DICOM. */
  private static long begin(byte[] start, long size) {
    if (hasMagic(start, PREAMBLE)) {
      return PREAMBLE + MAGIC;
    }
    if (hasMagic(start, 0)) {
      return MAGIC;
    }
    return Recognition.isDataSet(start, size) ? 0 : -1;
  }

  private static boolean hasMagic(byte[] start, int offset) {
    return start.length >= offset + MAGIC
        && start[offset] == 'D'
        && start[offset + 1] == 'I'
        && start[offset + 2] == 'C'
        && start[offset + 3] == 'M';
  }
}
