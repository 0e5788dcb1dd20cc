package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.llavamed.imaging.Attributes;

/** Attributes from a map: whole numbers and text. */
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
    return Optional.ofNullable(values.get(tag)).map(Object::toString).stream().toList();
  }

  @Override
  public List<Double> numbers(int tag) {
    return values.get(tag) instanceof Number n ? List.of(n.doubleValue()) : List.of();
  }

  @Override
  public List<Attributes> items(int tag) {
    return List.of();
  }

  @Override
  public ByteBuffer bytes(int tag) {
    return ByteBuffer.allocate(0);
  }
}
