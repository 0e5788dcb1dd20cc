package org.llavamed.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.llavamed.dicom.internal.CharacterSet;

/**
 * The value representation and the value of one attribute. Immutable but for the items.
 *
 * @param vr the value representation
 * @param value bytes, items or fragments
 */
record Element(Vr vr, Value value) {
  /** What an attribute holds. */
  sealed interface Value permits Bytes, Items, Fragments {}

  /**
   * A value field.
   *
   * @param data even number of bytes, little endian, from position 0, read-only
   * @param characterSet what text is coded in
   */
  record Bytes(ByteBuffer data, CharacterSet characterSet) implements Value {
    /** Returns a read-only view with a position of its own, little endian. */
    @Override
    public ByteBuffer data() {
      return data.duplicate().order(ByteOrder.LITTLE_ENDIAN);
    }
  }

  /**
   * The items of a sequence.
   *
   * @param list the items, not null
   */
  record Items(List<DataSet> list) implements Value {}

  /**
   * Encapsulated pixel data (PS3.5 annex A.4).
   *
   * @param offsetTable the basic offset table, empty or 32-bit numbers in little endian
   * @param list the fragments behind it, each of even length
   */
  record Fragments(ByteBuffer offsetTable, List<ByteBuffer> list) implements Value {}

  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0).asReadOnlyBuffer();

  /** Returns an element of a value field, which is padded to even length where it is odd. */
  static Element ofBytes(Vr vr, byte[] bytes, CharacterSet characterSet) {
    return new Element(vr, new Bytes(even(bytes, vr.padding()), characterSet));
  }

  /** Returns an element of text: UTF-8 where the character set matters, else ASCII. */
  static Element ofText(Vr vr, String text) {
    Charset charset = vr.isCodedText() ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1;
    return ofBytes(vr, text.getBytes(charset), CharacterSet.UTF_8);
  }

  static ByteBuffer even(byte[] bytes, byte padding) {
    byte[] padded = bytes;
    if (bytes.length % 2 != 0) {
      padded = Arrays.copyOf(bytes, bytes.length + 1);
      padded[bytes.length] = padding;
    }
    return ByteBuffer.wrap(padded).asReadOnlyBuffer();
  }

  /** Returns the value field; empty for sequences and fragments. */
  ByteBuffer bytes() {
    return value instanceof Bytes bytes ? bytes.data() : NOTHING.duplicate();
  }

  List<DataSet> items() {
    return value instanceof Items items ? List.copyOf(items.list()) : List.of();
  }

  List<String> strings() {
    return value instanceof Bytes bytes ? Values.strings(vr, bytes) : List.of();
  }

  List<Double> numbers() {
    return value instanceof Bytes bytes ? Values.numbers(vr, bytes) : List.of();
  }

  /** Returns a copy that shares no item with this one. */
  Element copy() {
    if (value instanceof Items items) {
      List<DataSet> copies = new ArrayList<>();
      items.list().forEach(item -> copies.add(DataSet.copyOf(item)));
      return new Element(vr, new Items(copies));
    }
    return this;
  }

  /** Returns whether value representation and value are the same, text by its characters. */
  boolean same(Element other) {
    if (vr != other.vr) {
      return false;
    }
    if (vr.isCodedText()
        && value instanceof Bytes a
        && other.value instanceof Bytes b
        && !a.characterSet().equals(b.characterSet())) {
      return strings().equals(other.strings());
    }
    if (value instanceof Bytes a && other.value instanceof Bytes b) {
      return a.data().equals(b.data());
    }
    return value.equals(other.value);
  }
}
