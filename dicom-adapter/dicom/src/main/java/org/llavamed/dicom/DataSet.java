package org.llavamed.dicom;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.internal.CharacterSet;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.ImagingException;

/**
 * The attributes of an object or of a sequence item, in memory: value representations and values,
 * sorted by tag as unsigned numbers. Text that is put is checked against PS3.5 table 6.2-1 and is
 * kept as UTF-8 (ISO_IR 192); values that come from a file keep their bytes and character set.
 * Values of odd length get the padding byte they lack. Not safe for use by several threads while it
 * is changed.
 */
public final class DataSet implements Attributes {
  private final TreeMap<Integer, Element> elements = new TreeMap<>(Integer::compareUnsigned);

  /** Makes a data set without attributes. */
  public DataSet() {}

  /** Returns a deep copy: sequences too, with value representations and values. */
  public static DataSet copyOf(Attributes source) {
    DataSet copy = new DataSet();
    source.tags().forEach(tag -> copy.copyFrom(source, tag));
    return copy;
  }

  /**
   * Puts text, one or several values.
   *
   * @param values none for an attribute without value
   * @throws ImagingException if a value breaks the rules of the value representation; the message
   *     names the attribute
   * @throws IllegalArgumentException if the value representation holds no text
   */
  public DataSet putString(int tag, Vr vr, String... values) {
    return putString(tag, vr, List.of(values));
  }

  /** As {@link #putString(int, Vr, String...)}. */
  public DataSet putString(int tag, Vr vr, List<String> values) {
    if (!vr.isText()) {
      throw new IllegalArgumentException(
          "%s: %s holds no text".formatted(Dictionary.describe(tag), vr));
    }
    if (values.size() > 1 && !vr.isMultiValued()) {
      throw new IllegalArgumentException(
          "%s: %s holds one value, not %d".formatted(Dictionary.describe(tag), vr, values.size()));
    }
    for (String value : values) {
      Optional<String> problem = vr.problem(value);
      if (problem.isPresent()) {
        throw ImagingException.damaged(
            Dictionary.describe(tag), problem.get(), "Shorten or correct the value");
      }
    }
    return put(tag, Element.ofText(vr, String.join("\\", values)));
  }

  /**
   * Puts whole numbers: SS, US, SL, UL, SV, UV, AT, IS, DS or the word forms OW, OL, OV.
   *
   * @throws IllegalArgumentException if a number is out of the range of the value representation
   */
  public DataSet putInts(int tag, Vr vr, long... values) {
    if (vr.isText()) {
      return putString(tag, vr, Arrays.stream(values).mapToObj(Long::toString).toList());
    }
    return put(tag, Element.ofBytes(vr, Values.encode(vr, values), CharacterSet.UTF_8));
  }

  /**
   * Puts numbers: FL, FD, OF, OD, or DS in at most 16 characters.
   *
   * @throws IllegalArgumentException if the value representation holds no fractions, or a Decimal
   *     String is not finite
   */
  public DataSet putDoubles(int tag, Vr vr, double... values) {
    if (vr == Vr.DS) {
      return putString(tag, vr, Arrays.stream(values).mapToObj(Values::decimal).toList());
    }
    return put(tag, Element.ofBytes(vr, Values.encode(vr, values), CharacterSet.UTF_8));
  }

  /** Puts a value field, in little endian order; the bytes are copied. */
  public DataSet putBytes(int tag, Vr vr, byte[] value) {
    return put(tag, Element.ofBytes(notSequence(tag, vr), value.clone(), CharacterSet.UTF_8));
  }

  /** As {@link #putBytes(int, Vr, byte[])}; takes what remains in the buffer. */
  public DataSet putBytes(int tag, Vr vr, ByteBuffer value) {
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    return put(tag, Element.ofBytes(notSequence(tag, vr), bytes, CharacterSet.UTF_8));
  }

  private static Vr notSequence(int tag, Vr vr) {
    if (vr == Vr.SQ) {
      throw new IllegalArgumentException(Dictionary.describe(tag) + ": SQ takes items, not bytes");
    }
    return vr;
  }

  /** Puts an attribute without a value (of type 2, PS3.5 section 7.4.3). */
  public DataSet putEmpty(int tag, Vr vr) {
    return vr == Vr.SQ ? putItems(tag) : putBytes(tag, vr, new byte[0]);
  }

  /** Puts a sequence; the items are not copied. */
  public DataSet putItems(int tag, DataSet... items) {
    return putItems(tag, List.of(items));
  }

  /** As {@link #putItems(int, DataSet...)}. */
  public DataSet putItems(int tag, List<DataSet> items) {
    return put(tag, new Element(Vr.SQ, new Element.Items(List.copyOf(items))));
  }

  /**
   * Puts encapsulated pixel data, one fragment a frame, with a basic offset table. The bytes are
   * copied, and padded with zero where their number is odd.
   */
  public DataSet putFragments(int tag, List<ByteBuffer> frames) {
    List<ByteBuffer> fragments = new ArrayList<>();
    ByteBuffer table = ByteBuffer.allocate(4 * frames.size()).order(ByteOrder.LITTLE_ENDIAN);
    long offset = 0;
    for (ByteBuffer frame : frames) {
      byte[] bytes = new byte[frame.remaining()];
      frame.duplicate().get(bytes);
      fragments.add(Element.even(bytes, (byte) 0));
      table.putInt((int) offset);
      offset += 8L + bytes.length + bytes.length % 2;
    }
    ByteBuffer offsets = offset > 0xFFFFFFFFL ? ByteBuffer.allocate(0) : table.flip();
    return put(
        tag,
        new Element(
            Vr.OB, new Element.Fragments(offsets.asReadOnlyBuffer(), List.copyOf(fragments))));
  }

  /** Returns whether an attribute is encapsulated pixel data with at least one fragment. */
  public boolean hasFragments(int tag) {
    Element element = elements.get(tag);
    return element != null
        && element.value() instanceof Element.Fragments fragments
        && !fragments.list().isEmpty();
  }

  /** Removes an attribute, where it is there. */
  public DataSet remove(int tag) {
    elements.remove(tag);
    return this;
  }

  /**
   * Copies attributes, with their value representations, values and items; those that the source
   * lacks are left out. Values are not checked, so that what is wrong in a source stays visible.
   */
  public DataSet copyFrom(Attributes source, int... tags) {
    for (int tag : tags) {
      Element element = element(source, tag);
      if (element != null) {
        put(tag, element);
      }
    }
    return this;
  }

  private static @Nullable Element element(Attributes source, int tag) {
    if (source instanceof DataSet dataSet) {
      Element element = dataSet.elements.get(tag);
      return element == null ? null : element.copy();
    }
    Optional<String> name = source.vr(tag);
    if (name.isEmpty()) {
      return null;
    }
    Vr vr = Vr.of(name.get()).orElse(Vr.UN);
    if (vr == Vr.SQ) {
      List<DataSet> items = new ArrayList<>();
      source.items(tag).forEach(item -> items.add(copyOf(item)));
      return new Element(vr, new Element.Items(items));
    }
    if (vr.isCodedText()) {
      return Element.ofText(vr, String.join("\\", source.strings(tag)));
    }
    ByteBuffer value = source.bytes(tag);
    byte[] bytes = new byte[value.remaining()];
    value.duplicate().get(bytes);
    return Element.ofBytes(vr, bytes, CharacterSet.UTF_8);
  }

  DataSet put(int tag, Element element) {
    elements.put(tag, element);
    return this;
  }

  @Nullable Element get(int tag) {
    return elements.get(tag);
  }

  /** Returns an element that is known to be there. */
  Element require(int tag) {
    return Objects.requireNonNull(elements.get(tag), () -> Dictionary.describe(tag));
  }

  /** Returns the attributes, ascending by tag. */
  Set<Map.Entry<Integer, Element>> entries() {
    return Collections.unmodifiableSet(elements.entrySet());
  }

  @Override
  public Set<Integer> tags() {
    return Collections.unmodifiableSet(new TreeSet<>(elements.navigableKeySet()));
  }

  @Override
  public boolean contains(int tag) {
    return elements.containsKey(tag);
  }

  @Override
  public Optional<String> vr(int tag) {
    return Optional.ofNullable(elements.get(tag)).map(element -> element.vr().name());
  }

  @Override
  public List<String> strings(int tag) {
    Element element = elements.get(tag);
    return element == null ? List.of() : element.strings();
  }

  @Override
  public List<Double> numbers(int tag) {
    Element element = elements.get(tag);
    return element == null ? List.of() : element.numbers();
  }

  @Override
  public List<DataSet> items(int tag) {
    Element element = elements.get(tag);
    return element == null ? List.of() : element.items();
  }

  @Override
  public ByteBuffer bytes(int tag) {
    Element element = elements.get(tag);
    return element == null ? ByteBuffer.allocate(0).asReadOnlyBuffer() : element.bytes();
  }

  /** Returns whether there is no attribute. */
  public boolean isEmpty() {
    return elements.isEmpty();
  }

  /** Compares tags, value representations and values; text by its characters. */
  @Override
  public boolean equals(@Nullable Object other) {
    if (!(other instanceof DataSet that) || !elements.keySet().equals(that.elements.keySet())) {
      return false;
    }
    return elements.entrySet().stream()
        .allMatch(
            entry -> {
              Element counterpart = that.elements.get(entry.getKey());
              return counterpart != null && entry.getValue().same(counterpart);
            });
  }

  @Override
  public int hashCode() {
    return elements.keySet().hashCode();
  }

  /** Returns the attributes for people, one a line, long values cut. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    DataSetText.append(text, this, "");
    return text.toString();
  }
}
