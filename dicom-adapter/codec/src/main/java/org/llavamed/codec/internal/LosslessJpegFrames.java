package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/**
 * Lossless JPEG, Huffman-coded and not hierarchical (ITU-T T.81 annex H, process 14): every
 * predictor and point transform, 2 to 16 bits, components interleaved or in scans of their own.
 */
final class LosslessJpegFrames {
  private static final int LOSSLESS = 0xC3;
  private static final int LAST_SELECTION = 7;

  /** A value takes at least one bit. */
  private static final int MOST_VALUES_A_BYTE = Byte.SIZE;

  private final FrameLayout layout;
  private final JpegSegments segments;
  private final JpegTables tables = new JpegTables();
  private final SampleRows rows;
  private @Nullable JpegFrameHeader header;
  private int restartInterval;

  private LosslessJpegFrames(FrameLayout layout, ByteBuffer frame) {
    this.layout = layout;
    this.segments = new JpegSegments(layout, frame);
    this.rows = new SampleRows(layout);
  }

  /**
   * Decodes a frame.
   *
   * @throws ImagingException if the stream is damaged, ends early, or has another size, another
   *     number of components or more bits than the object says
   */
  static StoredFrame decode(FrameLayout layout, ByteBuffer frame) {
    layout.requireRatio(frame.remaining(), MOST_VALUES_A_BYTE);
    LosslessJpegFrames jpeg = new LosslessJpegFrames(layout, frame);
    jpeg.segments.each(jpeg::segment);
    return jpeg.rows.frame();
  }

  private void segment(int marker, ByteBuffer body) {
    switch (marker) {
      case JpegSegments.HUFFMAN -> tables.huffman(body);
      case JpegSegments.RESTART_INTERVAL -> restartInterval = body.getShort() & 0xFFFF;
      case JpegSegments.START_OF_SCAN -> scan(body);
      case LOSSLESS -> {
        if (header != null) {
          throw layout.damaged("The JPEG data has two frame headers");
        }
        header = JpegFrameHeader.read(layout, body);
      }
      default -> {
        if (marker <= JpegSegments.LAST_FRAME_MARKER) {
          throw ImagingException.unsupported(
              layout.where(),
              "A JPEG frame of type FF%02X, which is not that of the transfer syntax,"
                  .formatted(marker),
              "Convert the file with 'gdcmconv --raw' of GDCM first");
        }
      }
    }
  }

  private void scan(ByteBuffer body) {
    if (header == null) {
      throw layout.damaged("The JPEG data has a scan before its frame header");
    }
    List<Integer> numbers = new ArrayList<>();
    int[] components = header.scan(body, numbers);
    int selection = JpegTables.u8(body);
    body.get();
    int shift = JpegTables.u8(body) & 15;
    if (selection < 1 || selection > LAST_SELECTION || shift >= header.precision()) {
      throw new IllegalArgumentException(
          "predictor %d and point transform %d, expected 1 to 7 and less than %d"
              .formatted(selection, shift, header.precision()));
    }
    rows.begin(components, header.precision());
    JpegBits bits = new JpegBits(segments.data(), segments.position());
    int first = 1 << (header.precision() - shift - 1);
    LosslessJpegScan.Header scan =
        new LosslessJpegScan.Header(selection, shift, first, restartRows());
    new LosslessJpegScan(layout, scan, components, differences(numbers)).decode(bits, rows);
    segments.moveTo(bits.position());
  }

  /** Returns the rows between restart markers, which have to be whole (T.81 H.1.1). */
  private int restartRows() {
    int columns = layout.description().columns();
    if (restartInterval % columns != 0) {
      throw new IllegalArgumentException(
          "a restart interval of %d, expected whole rows of %d"
              .formatted(restartInterval, columns));
    }
    return restartInterval == 0 ? layout.description().rows() : restartInterval / columns;
  }

  private JpegDifferenceTable[] differences(List<Integer> numbers) {
    JpegDifferenceTable[] differences = new JpegDifferenceTable[numbers.size()];
    for (int i = 0; i < differences.length; i++) {
      JpegHuffmanTable codes = tables.dc(numbers.get(i) >> 4);
      if (codes == null) {
        throw layout.damaged("The JPEG data names a Huffman table that it does not define");
      }
      boolean repeated = i > 0 && numbers.get(i).equals(numbers.get(i - 1));
      differences[i] = repeated ? differences[i - 1] : new JpegDifferenceTable(codes);
    }
    return differences;
  }
}
