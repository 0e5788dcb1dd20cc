package org.llavamed.model.internal;

import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.ModelException;

/**
 * Knows which rows of a key-value cache begin with which prefix, a prompt up to the end of its
 * picture, and keeps copies of those that were read last: what was read once is not read again. Not
 * safe for use by several threads.
 */
final class Prefixes {
  private final Decoder decoder;
  private final LruCache<Key, List<ByteBuffer>> kept;
  private final Map<Integer, Key> held = new HashMap<>();

  /**
   * A prefix.
   *
   * @param features identity of the picture's features
   * @param tokens picture positions included
   */
  record Key(long features, List<Integer> tokens) {
    int positions() {
      return tokens.size();
    }
  }

  /**
   * Starts with none.
   *
   * @param mostBytes of all copies together
   */
  Prefixes(Decoder decoder, long mostBytes) {
    this.decoder = decoder;
    this.kept = new LruCache<>(mostBytes);
  }

  /**
   * Brings a prefix to the beginning of a row, from wherever it lies.
   *
   * @param key empty where a prompt has none
   * @return whether the row begins with it now; else the row is the caller's to write
   */
  boolean bring(Optional<Key> key, int row) {
    if (key.isEmpty()) {
      held.remove(row);
      return false;
    }
    Key wanted = key.get();
    if (wanted.equals(held.get(row))) {
      return true;
    }
    held.remove(row);
    decoder.reserve(row + 1, wanted.positions());
    Integer other = rowOf(wanted);
    Optional<List<ByteBuffer>> copy = other == null ? kept.get(wanted) : Optional.empty();
    if (other != null) {
      decoder.cache().copy(other, row, wanted.positions());
    } else if (copy.isPresent()) {
      decoder.cache().load(copy.get(), wanted.positions(), row);
    } else {
      return false;
    }
    held.put(row, wanted);
    return true;
  }

  private @Nullable Integer rowOf(Key wanted) {
    for (Map.Entry<Integer, Key> entry : held.entrySet()) {
      if (entry.getValue().equals(wanted)) {
        return entry.getKey();
      }
    }
    return null;
  }

  /** Notes that a row begins with a prefix that was read into it, and keeps a copy. */
  void read(Key key, int row) {
    held.put(row, key);
    long bytes = decoder.cache().savedBytes(key.positions());
    if (!kept.takes(bytes) || kept.get(key).isPresent()) {
      return;
    }
    List<ByteBuffer> room =
        kept.makeRoom(bytes)
            .filter(planes -> planes.get(0).capacity() * (long) planes.size() == bytes)
            .orElse(List.of());
    try {
      kept.put(key, decoder.cache().save(row, key.positions(), room), bytes);
    } catch (ModelException e) {
      kept.clear(); // memory is short: what is asked now needs it more than what may be asked
    }
  }

  /** Copies a row's first positions into another row, with what is known of them. */
  void copy(int fromRow, int toRow, int positions) {
    decoder.cache().copy(fromRow, toRow, positions);
    Key key = held.get(fromRow);
    if (key == null || key.positions() > positions) {
      held.remove(toRow);
    } else {
      held.put(toRow, key);
    }
  }

  /** Lets the copies go: their memory is needed. */
  void clear() {
    kept.clear();
  }
}
