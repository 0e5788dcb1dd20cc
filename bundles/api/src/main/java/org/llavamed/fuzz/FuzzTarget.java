package org.llavamed.fuzz;

import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Something that reads bytes from outside. Whatever the bytes are, it takes them or names what is
 * wrong with them, soon and in bounded memory. Safe for use by several threads.
 */
@ConsumerType
public interface FuzzTarget {
  /** Returns its name, in lower case, for example {@code part10}. */
  String name();

  /** Returns valid inputs, of which damaged ones are made; at least one. */
  List<byte[]> seeds();

  /** Returns pieces that mean something to it, to be written into inputs. */
  default List<byte[]> words() {
    return List.of();
  }

  /** Returns the most bytes that it may allocate for one input of 1 MiB or less. */
  default long mostBytes() {
    return 64L << 20;
  }

  /**
   * Reads an input to its end.
   *
   * @return the sentence of the named error; empty where the input is taken. Any exception but a
   *     named one is a fault, and is thrown
   */
  String take(byte[] input);
}
