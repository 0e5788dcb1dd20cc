package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DataSets;
import org.llavamed.dicom.DataSets.PixelStream;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.StoredFrame;

/**
 * Brings objects to an uncompressed little endian transfer syntax where a peer does not take the
 * one they have. Pixel data goes through memory frame by frame.
 */
final class Transcoder {
  private static final int ENCAPSULATED_PIXEL_DATA_VALUE_TOTAL_LENGTH = 0x7FE00003;
  private static final int CHUNK = 1 << 16;

  private final @Nullable FrameDecoder decoder;

  /**
   * Makes a transcoder.
   *
   * @param decoder of compressed frames; null where there is none
   */
  Transcoder(@Nullable FrameDecoder decoder) {
    this.decoder = decoder;
  }

  /** A data set that can be written once. */
  @FunctionalInterface
  interface Content {
    void writeTo(OutputStream out) throws IOException;
  }

  /**
   * Returns the data set of a file in an uncompressed transfer syntax.
   *
   * @throws ImagingException if the file cannot be read, or its frames cannot be decoded or are
   *     colour of reduced range
   */
  Content transcode(Path file, String transferSyntaxUid) {
    Part10Object object = new Part10Reader().read(file);
    DataSet attributes = DataSet.copyOf(object.attributes());
    attributes.tags().stream().filter(tag -> (tag & 0xFFFF) == 0).forEach(attributes::remove);
    PixelData pixels = object.pixelData().orElse(null);
    if (pixels == null) {
      return out -> DataSets.write(attributes, transferSyntaxUid, out);
    }
    PixelStream stream = pixels.encapsulated() ? decoded(object, attributes) : swapped(pixels);
    return out -> DataSets.write(attributes, stream, transferSyntaxUid, out);
  }

  private static PixelStream swapped(PixelData pixels) {
    Vr vr = Vr.of(pixels.vr()).orElse(Vr.OW);
    return new PixelStream(
        pixels.tag(),
        vr,
        pixels.length(),
        out -> {
          for (long offset = 0; offset < pixels.length(); offset += CHUNK) {
            int count = (int) Math.min(CHUNK, pixels.length() - offset);
            write(littleEndian(pixels.slice(offset, count), pixels.byteOrder(), vr.unit()), out);
          }
        });
  }

  private static ByteBuffer littleEndian(ByteBuffer values, ByteOrder order, int unit) {
    if (order == ByteOrder.LITTLE_ENDIAN || unit == 1) {
      return values;
    }
    ByteBuffer swapped = ByteBuffer.allocate(values.remaining());
    for (int i = 0; i < values.limit(); i++) {
      int within = i % unit;
      int from = i - within + unit - 1 - within;
      swapped.put(values.get(Math.min(from, values.limit() - 1)));
    }
    return swapped.flip();
  }

  private PixelStream decoded(Part10Object object, DataSet attributes) {
    FrameDecoder frames = decoder;
    if (frames == null) {
      throw ImagingException.unsupported(
          object.file(),
          "Decoding without the decoder's bundle (org.llavamed.codec)",
          "Start with all bundles, or decompress the object with another program first");
    }
    PixelDescription description = PixelDescription.of(object);
    if (description.photometric().startsWith("YBR_PARTIAL")) {
      throw ImagingException.unsupported(
          object.file(),
          "Decompressing colour of reduced range (%s)".formatted(description.photometric()),
          "Send the object to a peer that takes its transfer syntax " + object.transferSyntaxUid());
    }
    StoredFrame first = frames.decode(object, 0);
    describe(attributes, description, first);
    long frameBytes = first.values().remaining();
    return new PixelStream(
        Tag.PixelData,
        first.type().bytes() == 1 ? Vr.OB : Vr.OW,
        Math.multiplyExact(frameBytes, (long) description.frames()),
        out -> {
          write(first.values(), out);
          for (int i = 1; i < description.frames(); i++) {
            ByteBuffer values = frames.decode(object, i).values();
            if (values.remaining() != frameBytes) {
              throw ImagingException.damaged(
                  object.file(),
                  "frame %d has %d bytes, frame 1 %d"
                      .formatted(i + 1, values.remaining(), frameBytes),
                  "Export the object again");
            }
            write(values, out);
          }
        });
  }

  /** Says what the decoded values are; that they were compressed with loss stays said. */
  private static void describe(
      DataSet attributes, PixelDescription description, StoredFrame frame) {
    attributes
        .putInts(Tag.BitsAllocated, Vr.US, 8L * frame.type().bytes())
        .putInts(Tag.HighBit, Vr.US, description.bitsStored() - 1L)
        .remove(Tag.ExtendedOffsetTable)
        .remove(Tag.ExtendedOffsetTableLengths)
        .remove(ENCAPSULATED_PIXEL_DATA_VALUE_TOTAL_LENGTH);
    if (frame.samples() > 1) {
      attributes.putInts(Tag.PlanarConfiguration, Vr.US, 0);
      attributes.putString(
          Tag.PhotometricInterpretation,
          Vr.CS,
          switch (description.photometric()) {
            case "YBR_FULL_422" -> "YBR_FULL";
            case "YBR_ICT", "YBR_RCT" -> "RGB";
            default -> description.photometric();
          });
    }
  }

  private static void write(ByteBuffer values, OutputStream out) throws IOException {
    byte[] chunk = new byte[Math.min(CHUNK, values.remaining())];
    while (values.hasRemaining()) {
      int count = Math.min(chunk.length, values.remaining());
      values.get(chunk, 0, count);
      out.write(chunk, 0, count);
    }
  }
}
