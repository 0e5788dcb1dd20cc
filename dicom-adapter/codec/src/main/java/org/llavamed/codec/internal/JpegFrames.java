package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.StoredFrame;

/**
 * JPEG by discrete cosine transform (ITU-T T.81): sequential and progressive, Huffman-coded, 8 and
 * 12 bits. The values stay in the colour space in which they were coded, whatever the application
 * markers say: the photometric interpretation of the object decides what they mean.
 */
final class JpegFrames {
  private static final int QUANTISATION = 0xDB;
  private static final int BASELINE = 0xC0;
  private static final int EXTENDED = 0xC1;
  private static final int PROGRESSIVE = 0xC2;

  private static final int MOST_SCANS = 500;

  /** A block of 64 values takes at least one bit, but subsampled chroma is spread over 16. */
  private static final int MOST_VALUES_A_BYTE = 64 * Byte.SIZE * 16;

  private final FrameLayout layout;
  private final JpegSegments segments;
  private final JpegTables tables = new JpegTables();
  private final List<JpegComponent> components = new ArrayList<>();
  private boolean progressive;
  private int precision;
  private int restartInterval;
  private int mostHorizontal;
  private int mostVertical;
  private int scans;

  private JpegFrames(FrameLayout layout, ByteBuffer frame) {
    this.layout = layout;
    this.segments = new JpegSegments(layout, frame);
  }

  /**
   * Decodes a frame.
   *
   * @throws ImagingException if the stream is damaged, ends early, or has another size, another
   *     number of components or more bits than the object says
   */
  static StoredFrame decode(FrameLayout layout, ByteBuffer frame) {
    layout.requireRatio(frame.remaining(), MOST_VALUES_A_BYTE);
    JpegFrames jpeg = new JpegFrames(layout, frame);
    jpeg.read();
    return StoredValues.of(layout, jpeg.pixels(), jpeg.precision);
  }

  private void read() {
    segments.each(this::segment);
    for (JpegComponent component : components) {
      if (!component.hasMean()) {
        throw layout.damaged("The JPEG data has no scan of component %d".formatted(component.id));
      }
      if (!segments.ended() && !component.complete()) {
        throw layout.damaged(
            "The JPEG data ends before the scans of component %d are complete"
                .formatted(component.id));
      }
    }
    if (components.isEmpty()) {
      throw layout.damaged("The JPEG data has no frame header");
    }
  }

  private void segment(int marker, ByteBuffer body) {
    switch (marker) {
      case QUANTISATION -> tables.quantisation(body);
      case JpegSegments.HUFFMAN -> tables.huffman(body);
      case JpegSegments.RESTART_INTERVAL -> restartInterval = body.getShort() & 0xFFFF;
      case BASELINE, EXTENDED, PROGRESSIVE -> frame(marker, body);
      case JpegSegments.START_OF_SCAN -> scan(body);
      default -> {
        if (marker >= BASELINE && marker <= JpegSegments.LAST_FRAME_MARKER) {
          throw ImagingException.unsupported(
              layout.where(),
              "A JPEG frame of type FF%02X (lossless, hierarchical or arithmetic)"
                  .formatted(marker),
              "Convert the file with 'dcmdjpeg' of dcmtk first");
        }
      }
    }
  }

  private void frame(int marker, ByteBuffer body) {
    PixelDescription d = layout.description();
    precision = JpegTables.u8(body);
    int rows = body.getShort() & 0xFFFF;
    int columns = body.getShort() & 0xFFFF;
    int count = JpegTables.u8(body);
    if (rows != d.rows() || columns != d.columns() || count != d.samples()) {
      throw layout.damaged(
          "The JPEG frame is %d x %d x %d (rows x columns x samples), the object says %d x %d x %d"
              .formatted(rows, columns, count, d.rows(), d.columns(), d.samples()));
    }
    if ((precision != 8 && precision != 12) || precision > d.bitsAllocated()) {
      throw layout.damaged(
          "The JPEG frame has %d bits a sample, expected 8 or 12 and at most the %d of Bits"
                  .formatted(precision, d.bitsAllocated())
              + " Allocated (0028,0100)");
    }
    if (!components.isEmpty()) {
      throw layout.damaged("The JPEG data has two frame headers");
    }
    progressive = marker == PROGRESSIVE;
    for (int i = 0; i < count; i++) {
      components.add(component(body));
    }
    size(rows, columns);
  }

  private static JpegComponent component(ByteBuffer body) {
    int id = JpegTables.u8(body);
    int sampling = JpegTables.u8(body);
    int horizontal = sampling >> 4;
    int vertical = sampling & 15;
    if (horizontal < 1 || horizontal > 4 || vertical < 1 || vertical > 4) {
      throw new IllegalArgumentException("sampling %d x %d".formatted(horizontal, vertical));
    }
    return new JpegComponent(id, horizontal, vertical, JpegTables.number(JpegTables.u8(body)));
  }

  /** Sizes the components, and allocates their coefficients once the data can hold them. */
  private void size(int rows, int columns) {
    for (JpegComponent c : components) {
      mostHorizontal = Math.max(mostHorizontal, c.horizontal);
      mostVertical = Math.max(mostVertical, c.vertical);
    }
    long samples = 0;
    for (JpegComponent c : components) {
      if (mostHorizontal % c.horizontal != 0 || mostVertical % c.vertical != 0) {
        throw ImagingException.unsupported(
            layout.where(),
            "JPEG chroma of a sampling that is no whole fraction",
            "Convert the file with 'dcmdjpeg' of dcmtk first");
      }
      c.size(columns, rows, mostHorizontal, mostVertical);
      samples += c.samples();
    }
    long possible = (long) segments.data().length * Byte.SIZE * JpegComponent.BLOCK;
    long limit = Math.min(FrameLayout.LARGEST_FRAME, Runtime.getRuntime().maxMemory() / 16);
    if (samples > possible) {
      throw layout.damaged(
          "The JPEG frame has %d samples, %d bytes of data can hold %d"
              .formatted(samples, segments.data().length, possible));
    }
    if (samples > limit) {
      throw ImagingException.unsupported(
          layout.where(),
          "A JPEG frame of %d samples, above the limit of %d,".formatted(samples, limit),
          "Give the JVM more memory (-Xmx)");
    }
    for (JpegComponent c : components) {
      c.coefficients = new short[(int) c.samples()];
    }
  }

  private void scan(ByteBuffer body) {
    int count = JpegTables.u8(body);
    List<JpegScan.Part> parts = new ArrayList<>();
    int blocks = 0;
    for (int i = 0; i < count; i++) {
      JpegScan.Part part = part(JpegTables.u8(body), JpegTables.u8(body));
      parts.add(part);
      blocks += part.component().horizontal * part.component().vertical;
    }
    int first = JpegTables.u8(body);
    int last = JpegTables.u8(body);
    int approximation = JpegTables.u8(body);
    JpegScan.Header header =
        progressive
            ? new JpegScan.Header(
                true, first, last, approximation >> 4, approximation & 15, restartInterval)
            : new JpegScan.Header(false, 0, JpegComponent.BLOCK - 1, 0, 0, restartInterval);
    check(header, count, blocks);
    parts.forEach(part -> part.component().code(header));
    JpegBits bits = new JpegBits(segments.data(), segments.position());
    new JpegScan(layout, bits, parts, header).decode();
    segments.moveTo(bits.position());
  }

  private void check(JpegScan.Header h, int count, int blocks) {
    boolean sound =
        count >= 1
            && (count == 1 || blocks <= 10)
            && h.first() <= h.last()
            && h.last() < JpegComponent.BLOCK
            && h.low() <= 13
            && (!h.progressive() || (h.first() == 0 ? h.last() == 0 : count == 1));
    if (!sound || ++scans > MOST_SCANS) {
      throw layout.damaged(
          "JPEG scan %d has %d components, coefficients %d to %d and bit %d, which is not allowed"
              .formatted(scans, count, h.first(), h.last(), h.low()));
    }
  }

  private JpegScan.Part part(int id, int numbers) {
    JpegComponent component =
        components.stream()
            .filter(c -> c.id == id)
            .findFirst()
            .orElseThrow(
                () -> new IllegalArgumentException("component " + id + " is not in the frame"));
    if (component.steps.length == 0) {
      component.steps = tables.steps(component.quantisation);
    }
    return new JpegScan.Part(component, tables.dc(numbers >> 4), tables.ac(numbers & 15));
  }

  /** Transforms, upsamples and interleaves; little endian where a value has more than one byte. */
  private ByteBuffer pixels() {
    JpegTransform transform = new JpegTransform(precision);
    List<JpegPlane> planes = new ArrayList<>();
    for (JpegComponent c : components) {
      planes.add(
          new JpegPlane(
              c, transform.samples(c), mostHorizontal / c.horizontal, mostVertical / c.vertical));
    }
    int width = layout.type().bytes();
    int columns = layout.description().columns();
    byte[] pixels = new byte[layout.bytes()];
    for (int y = 0; y < layout.description().rows(); y++) {
      for (int s = 0; s < planes.size(); s++) {
        int[] row = planes.get(s).row(y);
        int out = (y * columns * planes.size() + s) * width;
        for (int x = 0; x < columns; x++, out += planes.size() * width) {
          pixels[out] = (byte) row[x];
          if (width > 1) {
            pixels[out + 1] = (byte) (row[x] >> Byte.SIZE);
          }
        }
      }
    }
    return ByteBuffer.wrap(pixels);
  }
}
