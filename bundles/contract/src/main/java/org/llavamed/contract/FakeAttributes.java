package org.llavamed.contract;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.Attributes;

/**
 * Attributes in memory.
 *
 * @param values by tag: a number, a list of numbers, a text, a byte array, or the one item of a
 *     sequence
 */
public record FakeAttributes(Map<Integer, Object> values) implements Attributes {
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
    Object value = values.get(tag);
    return value instanceof String || value instanceof Number
        ? List.of(value.toString())
        : list(value).stream().map(Object::toString).toList();
  }

  @Override
  public List<Double> numbers(int tag) {
    return values.get(tag) instanceof Number number
        ? List.of(number.doubleValue())
        : list(values.get(tag)).stream().map(number -> ((Number) number).doubleValue()).toList();
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

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }
}
