package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/**
 * JPEG-LS, lossless and near-lossless (ITU-T T.87): 2 to 16 bits, components in scans of their own,
 * or alternating by row or by sample.
 */
final class JpegLsFrames {
  private static final int START_OF_FRAME = 0xF7;
  private static final int PRESET = 0xF8;
  private static final int APPLICATION_8 = 0xE8;

  /** Identifier of preset coding parameters; others are of mapping tables and large sizes. */
  private static final int CODING_PARAMETERS = 1;

  /** Identifier of a colour transform outside the standard, "mrfx". */
  private static final int TRANSFORM = 0x6D726678;

  private static final int BY_SAMPLE = 2;
  private static final String ADVICE = "Convert the file with 'gdcmconv --raw' of GDCM first";

  private final FrameLayout layout;
  private final JpegSegments segments;
  private final SampleRows rows;
  private @Nullable JpegFrameHeader header;
  private JpegLsPreset preset = JpegLsPreset.NONE;
  private int restartInterval;

  private JpegLsFrames(FrameLayout layout, ByteBuffer frame) {
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
    int rowValues = layout.description().columns() * layout.description().samples();
    layout.requireRatio(frame.remaining(), rowValues * Byte.SIZE); // a row takes at least a bit
    JpegLsFrames jpeg = new JpegLsFrames(layout, frame);
    jpeg.segments.each(jpeg::segment);
    return jpeg.rows.frame();
  }

  private void segment(int marker, ByteBuffer body) {
    switch (marker) {
      case PRESET -> preset(body);
      case JpegSegments.RESTART_INTERVAL -> restartInterval = restartInterval(body);
      case JpegSegments.START_OF_SCAN -> scan(body);
      case APPLICATION_8 -> refuseTransform(body);
      case START_OF_FRAME -> {
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
              ADVICE);
        }
      }
    }
  }

  private void preset(ByteBuffer body) {
    if (JpegTables.u8(body) == CODING_PARAMETERS) {
      preset = JpegLsPreset.read(body);
    }
  }

  /** A restart interval has 2 to 4 bytes (T.87 C.2.5) and counts rows. */
  private static int restartInterval(ByteBuffer body) {
    int interval = 0;
    while (body.hasRemaining() && interval < 1 << Short.SIZE) {
      interval = (interval << Byte.SIZE) | JpegTables.u8(body);
    }
    return interval;
  }

  private void refuseTransform(ByteBuffer body) {
    if (body.remaining() > Integer.BYTES && body.getInt() == TRANSFORM && body.get() != 0) {
      throw ImagingException.unsupported(
          layout.where(), "A JPEG-LS colour transform, which DICOM does not allow,", ADVICE);
    }
  }

  private void scan(ByteBuffer body) {
    if (header == null) {
      throw layout.damaged("The JPEG data has a scan before its frame header");
    }
    List<Integer> mappings = new ArrayList<>();
    int[] components = header.scan(body, mappings);
    int near = JpegTables.u8(body);
    int interleave = JpegTables.u8(body);
    int shift = JpegTables.u8(body);
    if (interleave > BY_SAMPLE || (interleave == 0 && components.length > 1)) {
      throw new IllegalArgumentException(
          "interleave mode %d of %d components".formatted(interleave, components.length));
    }
    if (shift != 0 || mappings.stream().anyMatch(table -> table != 0)) {
      throw ImagingException.unsupported(
          layout.where(), "JPEG-LS with a mapping table or point transform", ADVICE);
    }
    rows.begin(components, header.precision());
    JpegLsBits bits = new JpegLsBits(segments.data(), segments.position());
    JpegLsScan.Header scan =
        new JpegLsScan.Header(
            JpegLsParameters.of(preset, header.precision(), near),
            interleave == BY_SAMPLE,
            restartInterval == 0 ? layout.description().rows() : restartInterval);
    new JpegLsScan(layout, scan, components, bits).decode(rows);
    segments.moveTo(bits.position());
  }
}
