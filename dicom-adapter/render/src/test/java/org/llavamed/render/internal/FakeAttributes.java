package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.llavamed.imaging.Attributes;

/** Attributes from a map: lists of numbers, text, byte arrays, or a single item. */
record FakeAttributes(Map<Integer, Object> values) implements Attributes {
  @Override
  public Set<Integer> tags() {
    return new TreeMap<>(values).keySet();
  }

  @Override
  public boolean contains(int tag) {
    return values.containsKey(tag);
  }

  @Override
  public Optional<String> vr(int tag) {
    return Optional.empty();
  }

  @Override
  public List<String> strings(int tag) {
    return values.get(tag) instanceof String text ? List.of(text) : List.of();
  }

  @Override
  public List<Double> numbers(int tag) {
    return values.get(tag) instanceof List<?> numbers
        ? numbers.stream().map(n -> ((Number) n).doubleValue()).toList()
        : List.of();
  }

  @Override
  public List<Attributes> items(int tag) {
    return values.get(tag) instanceof Attributes item ? List.of(item) : List.of();
  }

  @Override
  public ByteBuffer bytes(int tag) {
    return ByteBuffer.wrap(values.get(tag) instanceof byte[] bytes ? bytes : new byte[0])
        .asReadOnlyBuffer();
  }
}
