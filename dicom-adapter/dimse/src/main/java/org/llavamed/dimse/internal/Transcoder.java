package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DataSets;
import org.llavamed.dicom.DataSets.PixelStream;
import org.llavamed.dicom.Part10Object;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
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

  /** Encapsulated transfer syntaxes that give back the values that went in. */
  private static final Set<String> WITHOUT_LOSS =
      Set.of(
          Uids.EncapsulatedUncompressedExplicitVRLittleEndian,
          Uids.DeflatedImageFrameCompression,
          Uids.RLELossless,
          Uids.JPEGLossless,
          Uids.JPEGLosslessSV1,
          Uids.JPEGLSLossless,
          Uids.JPEG2000Lossless,
          Uids.JPEG2000MCLossless,
          Uids.HTJ2KLossless,
          Uids.HTJ2KLosslessRPCL,
          Uids.JPEGXLLossless);

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
   * @throws ImagingException if the file cannot be read, or its frames cannot be decoded, are
   *     colour of reduced range, or have overlays in their unused bits
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
    refuse(object, description);
    StoredFrame first = frames.decode(object, 0);
    describe(attributes, description, first);
    markLoss(attributes, object.transferSyntaxUid());
    int frameBytes = first.values().remaining();
    long bytes = Math.multiplyExact((long) frameBytes, description.frames());
    boolean single = description.bitsAllocated() == 1;
    return new PixelStream(
        Tag.PixelData,
        first.type().bytes() == 1 ? Vr.OB : Vr.OW,
        single ? SingleBits.bytes(bytes) : bytes,
        out -> {
          SingleBits bits = new SingleBits(out);
          for (int i = 0; i < description.frames(); i++) {
            ByteBuffer values = i == 0 ? first.values() : frames.decode(object, i).values();
            if (values.remaining() != frameBytes) {
              throw ImagingException.damaged(
                  object.file(),
                  "frame %d has %d bytes, frame 1 %d"
                      .formatted(i + 1, values.remaining(), frameBytes),
                  "Export the object again");
            }
            if (single) {
              bits.write(values);
            } else {
              write(values, out);
            }
          }
          bits.end();
        });
  }

  /** Refuses what decoded frames do not show. */
  private static void refuse(Part10Object object, PixelDescription description) {
    String what = "";
    if (description.photometric().startsWith("YBR_PARTIAL")) {
      what = "colour of reduced range (%s)".formatted(description.photometric());
    }
    int overlays = description.overlayMask(object.attributes());
    if (overlays != 0) {
      what =
          "an overlay in bit %d of the pixel data"
              .formatted(Integer.numberOfTrailingZeros(overlays));
    }
    if (!what.isEmpty()) {
      throw ImagingException.unsupported(
          object.file(),
          "Decompressing " + what,
          "Send the object to a peer that takes its transfer syntax " + object.transferSyntaxUid());
    }
  }

  /** Says what the decoded values are. */
  private static void describe(
      DataSet attributes, PixelDescription description, StoredFrame frame) {
    long bits = description.bitsAllocated() == 1 ? 1 : 8L * frame.type().bytes();
    attributes
        .putInts(Tag.BitsAllocated, Vr.US, bits)
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

  /**
   * Marks values as compressed with loss, which nothing tells any more once they are decoded. What
   * the object says stays. Where it says nothing, a transfer syntax that allows loss counts as
   * loss, though some of these may hold values without.
   */
  private static void markLoss(DataSet attributes, String transferSyntaxUid) {
    if (!WITHOUT_LOSS.contains(transferSyntaxUid)
        && attributes.string(Tag.LossyImageCompression).isEmpty()) {
      attributes.putString(Tag.LossyImageCompression, Vr.CS, "01");
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
