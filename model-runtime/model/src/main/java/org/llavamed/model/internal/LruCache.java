package org.llavamed.model.internal;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps what was used last, as much as fits a number of bytes. Not safe for use by several threads.
 */
final class LruCache<K, V> {
  private final long mostBytes;
  private final Map<K, Sized<V>> entries = new LinkedHashMap<>(16, 0.75f, true);
  private long bytes;

  /** A value with the memory that it takes. */
  private record Sized<V>(V value, long bytes) {}

  LruCache(long mostBytes) {
    this.mostBytes = mostBytes;
  }

  /** Returns the value of a key, which is the last used one then. */
  Optional<V> get(K key) {
    return Optional.ofNullable(entries.get(key)).map(Sized::value);
  }

  /** Returns whether a value of that size may be kept. */
  boolean takes(long valueBytes) {
    return valueBytes <= mostBytes;
  }

  /** Makes room for a value that may be kept, and returns the last one that had to go for it. */
  Optional<V> makeRoom(long valueBytes) {
    Optional<V> gone = Optional.empty();
    Iterator<Sized<V>> eldest = entries.values().iterator();
    while (bytes + valueBytes > mostBytes && eldest.hasNext()) {
      Sized<V> entry = eldest.next();
      bytes -= entry.bytes();
      gone = Optional.of(entry.value());
      eldest.remove();
    }
    return gone;
  }

  /** Keeps a value, where it may be kept, for which others may have to go. */
  void put(K key, V value, long valueBytes) {
    if (takes(valueBytes)) {
      Sized<V> before = entries.remove(key);
      bytes -= before == null ? 0 : before.bytes();
      makeRoom(valueBytes);
      entries.put(key, new Sized<>(value, valueBytes));
      bytes += valueBytes;
    }
  }

  /** Lets all go. */
  void clear() {
    entries.clear();
    bytes = 0;
  }
}
