package org.llavamed.model.internal.schema;

import java.util.BitSet;
import java.util.List;

/** What a JSON value may be: the part of JSON Schema that answers can obey. Immutable. */
sealed interface Schema {
  /** Returns the bytes that a value may begin with. */
  BitSet firsts();

  /** A string of so many code points. */
  record Text(int least, int most) implements Schema {
    @Override
    public BitSet firsts() {
      return bytes("\"");
    }
  }

  /**
   * A number without exponent. {@code least} and {@code most} count in the last digit that it may
   * have behind the point.
   *
   * @param digits most before the point
   * @param scale most behind the point
   */
  record Numeric(int digits, int scale, long least, long most) implements Schema {
    @Override
    public BitSet firsts() {
      return bytes("-0123456789");
    }
  }

  /** One of some values as JSON writes them. */
  record Literals(List<String> values) implements Schema {
    public Literals {
      values = List.copyOf(values);
    }

    @Override
    public BitSet firsts() {
      BitSet firsts = new BitSet();
      values.forEach(value -> firsts.set(value.charAt(0)));
      return firsts;
    }
  }

  /** A list of so many values of one kind. */
  record Items(Schema item, int least, int most) implements Schema {
    @Override
    public BitSet firsts() {
      return bytes("[");
    }
  }

  /** An object with members in this order; some may be left out, none added. */
  record Members(List<Property> properties) implements Schema {
    public Members {
      properties = List.copyOf(properties);
    }

    @Override
    public BitSet firsts() {
      return bytes("{");
    }
  }

  /**
   * A member of an object.
   *
   * @param name without quotes
   */
  record Property(String name, Schema value, boolean required) {}

  /** One of some kinds, told apart by their first byte. */
  record Choice(List<Schema> kinds) implements Schema {
    public Choice {
      kinds = List.copyOf(kinds);
    }

    @Override
    public BitSet firsts() {
      BitSet firsts = new BitSet();
      kinds.forEach(kind -> firsts.or(kind.firsts()));
      return firsts;
    }
  }

  private static BitSet bytes(String characters) {
    BitSet bytes = new BitSet();
    characters.chars().forEach(bytes::set);
    return bytes;
  }
}
