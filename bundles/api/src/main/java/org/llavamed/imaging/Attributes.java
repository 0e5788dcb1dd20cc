package org.llavamed.imaging;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Read-only view of the attributes of a data set or of a sequence item (PS3.5 section 7). Tags are
 * 32-bit numbers, group in the upper half. Attributes that are absent and attributes without a
 * value read alike, but for {@link #contains}.
 */
@ProviderType
public interface Attributes {
  /** Returns the tags of this level, ascending as unsigned numbers. */
  Set<Integer> tags();

  /** Returns whether the attribute is there, with or without a value. */
  boolean contains(int tag);

  /** Returns the value representation, two letters; empty where the attribute is absent. */
  Optional<String> vr(int tag);

  /**
   * Returns all values as text, decoded by Specific Character Set (0008,0005), padding stripped;
   * numbers in their shortest form. Empty for sequences, bulk data and where there is no value.
   */
  List<String> strings(int tag);

  /** Returns all values as numbers; text that is no number is left out. */
  List<Double> numbers(int tag);

  /** Returns the items of a sequence, in their order. */
  List<? extends Attributes> items(int tag);

  /**
   * Returns the value as bytes, in little endian order whatever the file's, read-only; empty where
   * there is no value. Pixel Data is not read this way but by {@link DicomObject#pixelData}.
   */
  ByteBuffer bytes(int tag);

  /** Returns the first value as text, where there is one that is not blank. */
  default Optional<String> string(int tag) {
    return strings(tag).stream().findFirst().filter(value -> !value.isBlank());
  }

  /** Returns the first value as a number. */
  default OptionalDouble number(int tag) {
    return numbers(tag).stream().mapToDouble(Double::doubleValue).findFirst();
  }

  /**
   * Returns the first value as a whole number; empty where it has a fraction or is out of range.
   */
  default OptionalInt integer(int tag) {
    OptionalDouble number = number(tag);
    return number.isPresent() && number.getAsDouble() == (int) number.getAsDouble()
        ? OptionalInt.of((int) number.getAsDouble())
        : OptionalInt.empty();
  }
}
