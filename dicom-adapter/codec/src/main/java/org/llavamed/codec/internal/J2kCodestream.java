package org.llavamed.codec.internal;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelDescription;

/**
 * The headers of a JPEG 2000 codestream (ITU-T T.800 annex A), alone or in a JP2 file. They are
 * compared with the object, and bound what decoding costs, before a decoder sees the stream.
 */
final class J2kCodestream {
  /**
   * A component of the picture.
   *
   * @param bits of a sample, 1 to {@link #MOST_BITS}
   * @param signed whether the codestream calls its samples signed
   */
  record Component(int bits, boolean signed) {}

  static final int MOST_BITS = 16;

  private static final int START = 0xFF4F;
  private static final int SIZE = 0xFF51;
  private static final int CODING = 0xFF52;
  private static final int COMPONENT_CODING = 0xFF53;
  private static final int TILE_PART = 0xFF90;
  private static final int DATA = 0xFF93;
  private static final int END = 0xFFD9;

  private static final int JP2_SIGNATURE = 0x6A502020;
  private static final int JP2_CODESTREAM = 0x6A703263;
  private static final int BOX_HEADER = 8;
  private static final int TILE_PART_HEADER = 12;
  private static final int MEMORY_SHARE = 2;

  private final FrameLayout layout;
  private final ByteBuffer in;
  private final List<Component> components = new ArrayList<>();
  private J2kTiles tiles = new J2kTiles(0, 0, 0, 0, 0, 0, 0, 0);
  private final Map<Integer, J2kCoding> main = new HashMap<>();
  private int layers;

  private J2kCodestream(FrameLayout layout, ByteBuffer in) {
    this.layout = layout;
    this.in = in;
  }

  /**
   * Reads the headers.
   *
   * @throws ImagingException if they are damaged, contradict the object, name what is not there, or
   *     ask for more memory than the JVM has
   */
  static J2kCodestream of(FrameLayout layout, ByteBuffer frame) {
    J2kCodestream stream = new J2kCodestream(layout, codestream(layout, frame.slice()));
    try {
      stream.read();
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      throw layout.damaged(
          "The JPEG 2000 header near byte %d is damaged (%s)"
              .formatted(
                  stream.in.position(), e.getMessage() == null ? "it ends early" : e.getMessage()));
    }
    return stream;
  }

  /** Returns the components, in their order. */
  List<Component> components() {
    return components;
  }

  /** Returns the most bits that a sample of a component has. */
  int precision() {
    return components.stream().mapToInt(Component::bits).max().orElse(MOST_BITS);
  }

  /** Returns the codestream, without the boxes around it and with an end marker. */
  byte[] bytes() {
    byte[] bytes = new byte[in.limit() + 2];
    in.get(0, bytes, 0, in.limit());
    bytes[in.limit()] = (byte) (END >> Byte.SIZE);
    bytes[in.limit() + 1] = (byte) END;
    return bytes;
  }

  private static ByteBuffer codestream(FrameLayout layout, ByteBuffer frame) {
    if (frame.remaining() < BOX_HEADER || frame.getInt(4) != JP2_SIGNATURE) {
      return frame;
    }
    long position = 0;
    while (position + BOX_HEADER <= frame.limit()) {
      int at = (int) position;
      long length = frame.getInt(at) & 0xFFFFFFFFL;
      int header = BOX_HEADER;
      if (length == 1 && at + 2 * BOX_HEADER <= frame.limit()) {
        length = frame.getLong(at + BOX_HEADER);
        header = 2 * BOX_HEADER;
      }
      if (length == 0) {
        length = frame.limit() - position;
      }
      if (length < header || length > frame.limit() - position) {
        throw layout.damaged(
            "JP2 box at byte %d has a length of %d, %d bytes are left"
                .formatted(position, length, frame.limit() - position));
      }
      if (frame.getInt(at + 4) == JP2_CODESTREAM) {
        return frame.slice(at + header, (int) length - header);
      }
      position += length;
    }
    throw layout.damaged("The JP2 file has no codestream");
  }

  private void read() {
    if (in.remaining() < 2 || marker() != START) {
      throw layout.damaged("The frame does not begin with the JPEG 2000 marker FF4F");
    }
    int marker = marker();
    if (marker != SIZE) {
      throw layout.damaged("Marker FF51 (SIZ) is missing, found %04X".formatted(marker));
    }
    size(segment());
    for (marker = marker(); marker != TILE_PART; marker = marker()) {
      coding(marker, segment(), main);
    }
    if (main.size() < components.size()) {
      throw layout.damaged("The JPEG 2000 main header has no marker FF52 (COD)");
    }
    BitSet seen = new BitSet();
    Map<Integer, Map<Integer, J2kCoding>> codings = new HashMap<>();
    boolean more = true;
    while (more) {
      more = tilePart(seen, codings);
    }
    if (seen.cardinality() < tiles.count()) {
      throw layout.damaged(
          "The JPEG 2000 data has %d of %d tiles".formatted(seen.cardinality(), tiles.count()));
    }
    cost(codings);
  }

  private int marker() {
    return in.getShort() & 0xFFFF;
  }

  /** Returns the body of the segment and moves behind it. */
  private ByteBuffer segment() {
    int length = in.getShort() & 0xFFFF;
    if (length < 2) {
      throw new IllegalArgumentException("a segment of %d bytes".formatted(length));
    }
    if (length - 2 > in.remaining()) {
      throw new BufferUnderflowException();
    }
    ByteBuffer body = in.slice(in.position(), length - 2);
    in.position(in.position() + length - 2);
    return body;
  }

  private void size(ByteBuffer body) {
    body.getShort();
    tiles =
        new J2kTiles(
            body.getInt(),
            body.getInt(),
            body.getInt(),
            body.getInt(),
            body.getInt(),
            body.getInt(),
            body.getInt(),
            body.getInt());
    tiles.check();
    int count = body.getShort() & 0xFFFF;
    PixelDescription d = layout.description();
    if (tiles.rows() != d.rows() || tiles.columns() != d.columns() || count != d.samples()) {
      throw layout.damaged(
          "The JPEG 2000 image is %d x %d x %d (rows x columns x samples), the object says %d x %d x %d"
              .formatted(tiles.rows(), tiles.columns(), count, d.rows(), d.columns(), d.samples()));
    }
    if (tiles.count() > in.limit() / TILE_PART_HEADER) {
      throw layout.damaged(
          "The JPEG 2000 image has %d tiles, %d bytes cannot hold them"
              .formatted(tiles.count(), in.limit()));
    }
    for (int i = 0; i < count; i++) {
      component(body.get() & 0xFF, body.get(), body.get());
    }
  }

  private void component(int depth, int horizontal, int vertical) {
    int bits = (depth & 0x7F) + 1;
    if (horizontal != 1 || vertical != 1) {
      throw ImagingException.unsupported(
          layout.where(),
          "A JPEG 2000 component of sampling %d x %d".formatted(horizontal, vertical),
          "Ask the sender for components of full size, as PS3.5 section 8.2.4 has them");
    }
    if (bits > Math.min(MOST_BITS, layout.type().bytes() * Byte.SIZE)) {
      throw layout.damaged(
          "The JPEG 2000 component has %d bits a sample, the object allocates %d and %d are the most"
              .formatted(bits, layout.description().bitsAllocated(), MOST_BITS));
    }
    components.add(new Component(bits, depth > 0x7F));
  }

  private void coding(int marker, ByteBuffer body, Map<Integer, J2kCoding> codings) {
    if (marker == CODING) {
      int style = body.get();
      body.get();
      layers = Math.max(layers, body.getShort() & 0xFFFF);
      boolean transformed = body.get() != 0;
      boolean alike = components.size() == 3 && components.stream().distinct().count() == 1;
      if (transformed && !alike) {
        throw new IllegalArgumentException("a colour transform of components that differ");
      }
      J2kCoding coding = J2kCoding.read(style, body);
      for (int c = 0; c < components.size(); c++) {
        codings.put(c, coding);
      }
    } else if (marker == COMPONENT_CODING) {
      int component = body.get() & 0xFF;
      if (component >= components.size()) {
        throw new IllegalArgumentException("there is no component " + component);
      }
      codings.put(component, J2kCoding.read(body.get(), body));
    } else if (marker < START || marker == SIZE || marker >= END) {
      throw new IllegalArgumentException("unexpected marker %04X".formatted(marker));
    }
  }

  /** Reads from behind the marker of a tile-part; returns whether another follows. */
  private boolean tilePart(BitSet seen, Map<Integer, Map<Integer, J2kCoding>> codings) {
    int start = in.position() - 2;
    ByteBuffer body = segment();
    int tile = body.getShort() & 0xFFFF;
    long length = body.getInt() & 0xFFFFFFFFL;
    if (tile >= tiles.count()) {
      throw layout.damaged(
          "A part of tile %d, the JPEG 2000 image has %d tiles".formatted(tile, tiles.count()));
    }
    for (int marker = marker(); marker != DATA; marker = marker()) {
      coding(marker, segment(), codings.computeIfAbsent(tile, t -> new HashMap<>(main)));
    }
    seen.set(tile);
    long end = length == 0 ? in.limit() : start + length;
    if (end < in.position() || end > in.limit()) {
      throw layout.damaged(
          "The part of tile %d at byte %d has a length of %d, the JPEG 2000 data ends at byte %d"
              .formatted(tile, start, length, in.limit()));
    }
    checkStuffing(in.position(), (int) end);
    in.position((int) end);
    return in.remaining() >= 2 && marker() == TILE_PART;
  }

  /**
   * Checks that no two bytes FF follow each other, which bit stuffing excludes (T.800 B.10.1 and
   * D.4.1): JJ2000 reads ones without end behind them, also where they stand in what looks like the
   * number of a packet (FF91), which may rightly have them.
   */
  private void checkStuffing(int from, int end) {
    for (int i = from; i + 1 < end; i++) {
      if (in.get(i) == (byte) 0xFF && in.get(i + 1) == (byte) 0xFF) {
        throw layout.damaged("The JPEG 2000 data has the bytes FFFF at byte %d".formatted(i));
      }
    }
  }

  /** Bounds packets and memory by what the data can hold and the JVM has. */
  private void cost(Map<Integer, Map<Integer, J2kCoding>> codings) {
    long packets = 0;
    long most = 0;
    for (int tile = 0; tile < tiles.count(); tile++) {
      Map<Integer, J2kCoding> coding = codings.getOrDefault(tile, main);
      long memory = 0;
      for (J2kCoding c : coding.values()) {
        J2kCoding.Cost cost = c.cost(tiles.tile(tile), layers);
        packets += cost.packets();
        memory += cost.memory();
      }
      most = Math.max(most, memory);
    }
    if (packets > in.limit()) {
      throw layout.damaged(
          "The JPEG 2000 image has %d packets, %d bytes of data cannot hold them"
              .formatted(packets, in.limit()));
    }
    long limit = Runtime.getRuntime().maxMemory() / MEMORY_SHARE;
    if (most > limit) {
      throw ImagingException.unsupported(
          layout.where(),
          "A JPEG 2000 image that takes %d bytes to decode, above the limit of %d,"
              .formatted(most, limit),
          "Give the JVM more memory (-Xmx), or use smaller tiles and fewer layers");
    }
  }
}
