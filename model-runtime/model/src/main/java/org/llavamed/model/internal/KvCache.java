package org.llavamed.model.internal;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.inference.ModelException;

/**
 * The key-value cache: what a decoder remembers of the positions that it has read, of several
 * sequences at a time, one a row. Per layer there is one plane for keys and one for values, each of
 * shape [rows, kvHeads, capacity, headSize]; a graph takes them as past and writes into them in
 * place. Rows and capacity grow with what is asked for. Not safe for use by several threads.
 */
final class KvCache implements AutoCloseable {
  private static final int LEAST_STEP = 64;

  private final ModelDescription model;
  private final OnnxJavaType type;
  private final int mostRows;
  private final int mostPositions;
  private final Map<Integer, List<OnnxTensor>> batches = new HashMap<>();
  private final Map<Integer, List<OnnxTensor>> singles = new HashMap<>();
  private final int[] filled;
  private List<ByteBuffer> planes = List.of();
  private int rows;
  private int capacity;

  /**
   * Makes an empty cache.
   *
   * @param type of its numbers
   * @param mostRows limit of the rows
   * @param mostPositions limit of the capacity
   */
  KvCache(ModelDescription model, OnnxJavaType type, int mostRows, int mostPositions) {
    this.model = model;
    this.type = type;
    this.mostRows = mostRows;
    this.mostPositions = mostPositions;
    this.filled = new int[mostRows];
  }

  /**
   * Makes room, keeping what is there.
   *
   * @return whether planes were made anew: tensors over the old ones are closed
   * @throws ModelException if there is no memory; all is as it was then
   */
  boolean reserve(int wantedRows, int wantedPositions) {
    if (wantedRows <= rows && wantedPositions <= capacity) {
      return false;
    }
    if (wantedRows > mostRows || wantedPositions > mostPositions) {
      throw new IllegalArgumentException(
          "%d rows of %d positions, expected at most %d of %d"
              .formatted(wantedRows, wantedPositions, mostRows, mostPositions));
    }
    int newRows = Math.max(rows, Math.min(mostRows, powerOfTwo(wantedRows)));
    int newCapacity = Math.max(capacity, Math.min(mostPositions, sizeClass(wantedPositions)));
    long bytes = (long) newRows * model.kvHeads() * newCapacity * vectorBytes();
    List<ByteBuffer> made = new ArrayList<>();
    for (int i = 0; i < 2 * model.layers(); i++) {
      made.add(Tensors.bytes(bytes));
    }
    for (int i = 0; i < planes.size(); i++) {
      for (int row = 0; row < rows; row++) {
        copy(
            new Place(planes.get(i), capacity, row, 0),
            new Place(made.get(i), newCapacity, row, 0),
            filled[row]);
      }
    }
    closeTensors();
    long dropped = bytes();
    planes = List.copyOf(made);
    rows = newRows;
    capacity = newCapacity;
    Tensors.dropped(dropped);
    return true;
  }

  private static int powerOfTwo(int count) {
    return count <= 1 ? 1 : Integer.highestOneBit(count - 1) << 1;
  }

  /** Returns the next of about four sizes an octave. */
  static int sizeClass(int positions) {
    int step = Math.max(LEAST_STEP, Integer.highestOneBit(positions) / 4);
    return (positions + step - 1) / step * step;
  }

  private int vectorBytes() {
    return model.headSize() * type.size;
  }

  /** A place in a plane of some capacity from which on vectors lie. */
  private record Place(ByteBuffer plane, int capacity, int row, int position) {}

  private void copy(Place from, Place to, int positions) {
    if (positions == 0) {
      return; // the row may lie behind the plane: nothing was reserved for it yet
    }
    for (int head = 0; head < model.kvHeads(); head++) {
      to.plane().put(offset(to, head), from.plane(), offset(from, head), positions * vectorBytes());
    }
  }

  private int offset(Place place, int head) {
    int line = (place.row() * model.kvHeads() + head) * place.capacity();
    return (line + place.position()) * vectorBytes();
  }

  /** Notes that a row's first positions are written. */
  void wrote(int row, int positions) {
    filled[row] = Math.max(filled[row], positions);
  }

  /** Copies the first positions of a row into another one. */
  void copy(int fromRow, int toRow, int positions) {
    copy(fromRow, 0, toRow, 0, positions);
  }

  /** Copies positions of a row into another one, which ends with them. */
  void copy(int fromRow, int from, int toRow, int to, int positions) {
    for (ByteBuffer plane : planes) {
      copy(
          new Place(plane, capacity, fromRow, from),
          new Place(plane, capacity, toRow, to),
          positions);
    }
    filled[toRow] = to + positions;
  }

  /** Returns the bytes that {@link #save} writes. */
  long savedBytes(int positions) {
    return 2L * model.layers() * model.kvHeads() * positions * vectorBytes();
  }

  /**
   * Returns a copy of a row's first positions.
   *
   * @param room from an earlier call for as many positions, which is written anew; or empty
   */
  List<ByteBuffer> save(int row, int positions, List<ByteBuffer> room) {
    List<ByteBuffer> saved = new ArrayList<>(room);
    long bytes = savedBytes(positions) / planes.size();
    while (saved.size() < planes.size()) {
      saved.add(Tensors.bytes(bytes));
    }
    for (int i = 0; i < planes.size(); i++) {
      copy(
          new Place(planes.get(i), capacity, row, 0),
          new Place(saved.get(i), positions, 0, 0),
          positions);
    }
    return saved;
  }

  /** Writes what {@link #save} returned for as many positions into a row. */
  void load(List<ByteBuffer> saved, int positions, int row) {
    for (int i = 0; i < planes.size(); i++) {
      copy(
          new Place(saved.get(i), positions, 0, 0),
          new Place(planes.get(i), capacity, row, 0),
          positions);
    }
    wrote(row, positions);
  }

  /** Returns a tensor a plane over its first rows: of each layer the keys, then the values. */
  List<OnnxTensor> batch(int count) throws OrtException {
    return tensors(batches, count, 0, count);
  }

  /** Returns a tensor a plane over one row: of each layer the keys, then the values. */
  List<OnnxTensor> single(int row) throws OrtException {
    return tensors(singles, row, row, 1);
  }

  private List<OnnxTensor> tensors(
      Map<Integer, List<OnnxTensor>> known, int key, int row, int count) throws OrtException {
    List<OnnxTensor> tensors = known.get(key);
    if (tensors == null) {
      tensors = new ArrayList<>();
      known.put(key, tensors);
      int rowBytes = model.kvHeads() * capacity * vectorBytes();
      for (ByteBuffer plane : planes) {
        ByteBuffer part = plane.slice(row * rowBytes, count * rowBytes);
        tensors.add(Tensors.over(part, type, count, model.kvHeads(), capacity, model.headSize()));
      }
    }
    return tensors;
  }

  private void closeTensors() {
    for (Map<Integer, List<OnnxTensor>> known : List.of(batches, singles)) {
      known.values().forEach(tensors -> tensors.forEach(OnnxTensor::close));
      known.clear();
    }
  }

  private long bytes() {
    return planes.stream().mapToLong(ByteBuffer::capacity).sum();
  }

  /** Frees the cache. */
  @Override
  public void close() {
    closeTensors();
    long dropped = bytes();
    planes = List.of();
    rows = 0;
    capacity = 0;
    Arrays.fill(filled, 0);
    Tensors.dropped(dropped);
  }
}
