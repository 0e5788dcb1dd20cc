package org.llavamed.preprocess.internal;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Reads the fields of one message in Protocol Buffers' wire format, strictly: what points beyond
 * the message, or is of a kind that is no longer used (groups), is an error. Nothing is allocated
 * but what the bytes themselves fill.
 */
final class WireReader {
  /** The wire types. */
  static final int VARINT = 0;

  static final int FIXED64 = 1;
  static final int BYTES = 2;
  static final int FIXED32 = 5;

  private static final int LONGEST_VARINT = 10;

  private final ByteBuffer in;
  private final int start;
  private int field;
  private int type;

  /** Reads the remaining bytes of a buffer; {@code start} is where they lie in the file. */
  private WireReader(ByteBuffer bytes, int start) {
    this.in = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    this.start = start;
  }

  static WireReader of(byte[] message) {
    return new WireReader(ByteBuffer.wrap(message), 0);
  }

  /** Goes to the next field; false at the end of the message. */
  boolean next() {
    if (!in.hasRemaining()) {
      return false;
    }
    long key = varint();
    field = (int) (key >>> 3);
    type = (int) (key & 7);
    if (key >>> 3 < 1 || key >>> 32 != 0) {
      throw wrong("a field's number is out of range");
    }
    return true;
  }

  int field() {
    return field;
  }

  /** Returns the current field's number as a 64-bit integer, two's complement. */
  long integer() {
    expect(VARINT);
    return varint();
  }

  float float32() {
    expect(FIXED32);
    need(Float.BYTES);
    return in.getFloat();
  }

  /** Returns the message inside of the current field. */
  WireReader message() {
    ByteBuffer bytes = bytes();
    return new WireReader(bytes, start + in.position() - bytes.remaining());
  }

  String text() {
    ByteBuffer bytes = bytes();
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalStateException(
          "a text before byte " + (start + in.position()) + " is not UTF-8", e);
    }
  }

  /** Returns the number of bytes of the current field and goes behind them. */
  int length() {
    return bytes().remaining();
  }

  /** Goes behind the current field. */
  void skip() {
    switch (type) {
      case VARINT -> varint();
      case FIXED64 -> skip(Long.BYTES);
      case FIXED32 -> skip(Float.BYTES);
      case BYTES -> length();
      default -> throw wrong("wire type " + type + " is not in use");
    }
  }

  private ByteBuffer bytes() {
    expect(BYTES);
    long length = varint();
    if (length < 0 || length > in.remaining()) {
      throw wrong(
          "%s bytes are announced, %d remain"
              .formatted(Long.toUnsignedString(length), in.remaining()));
    }
    ByteBuffer bytes = in.slice(in.position(), (int) length);
    in.position(in.position() + (int) length);
    return bytes;
  }

  private void expect(int expected) {
    if (type != expected) {
      throw wrong("field %d has wire type %d, expected %d".formatted(field, type, expected));
    }
  }

  private void skip(int count) {
    need(count);
    in.position(in.position() + count);
  }

  private void need(int count) {
    if (in.remaining() < count) {
      throw wrong("%d bytes are expected, %d remain".formatted(count, in.remaining()));
    }
  }

  private long varint() {
    long value = 0;
    for (int i = 0; i < LONGEST_VARINT; i++) {
      need(1);
      byte b = in.get();
      value |= (long) (b & 0x7F) << (7 * i);
      if (b >= 0) {
        return value;
      }
    }
    throw wrong("an integer has more than 10 bytes");
  }

  private IllegalStateException wrong(String what) {
    return new IllegalStateException("at byte " + (start + in.position()) + ": " + what);
  }
}
