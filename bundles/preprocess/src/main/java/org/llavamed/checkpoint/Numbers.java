package org.llavamed.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;

/**
 * The numbers of a tensor in float32, row by row. They stay in their file, memory-mapped in
 * windows, as one mapping holds at most 2 GiB: a tensor of any size takes no heap.
 *
 * <p>Numbers of a tensor with a {@linkplain StoredTensor#base base} are sums in float32. Both are
 * counted from the start, so a base with fewer rows leaves the last rows as they are. Numbers that
 * the shape has and the file has not are 0.
 */
public final class Numbers {
  /** Logarithm to base 2 of the numbers of a window: 1 GiB of float32. */
  private static final int WINDOW_BITS = 28;

  private final List<ByteBuffer> windows = new ArrayList<>();
  private final Dtype dtype;
  private final int windowBits;
  private final long stored;
  private final long count;
  private final @Nullable Numbers base;

  /**
   * Maps a tensor.
   *
   * @throws ModelException if the file cannot be mapped, or the type is not read
   */
  public Numbers(StoredTensor tensor) {
    this(tensor, WINDOW_BITS);
  }

  /**
   * @param windowBits 2 to this power is how many numbers are mapped in one piece
   */
  public Numbers(StoredTensor tensor, int windowBits) {
    this.dtype = Dtype.of(tensor);
    this.windowBits = windowBits;
    this.stored = tensor.length() / dtype.bytes();
    this.count = tensor.shape().stream().reduce(1L, Math::multiplyExact);
    this.base = tensor.base().map(other -> new Numbers(other, windowBits)).orElse(null);
    long bytes = (long) dtype.bytes() << windowBits;
    try (FileChannel channel = FileChannel.open(tensor.file(), StandardOpenOption.READ)) {
      for (long from = 0; from < tensor.length(); from += bytes) {
        long length = Math.min(bytes, tensor.length() - from);
        windows.add(
            channel
                .map(MapMode.READ_ONLY, tensor.offset() + from, length)
                .order(ByteOrder.LITTLE_ENDIAN));
      }
    } catch (IOException e) {
      throw ModelException.invalid(
          tensor.where(),
          FileError.reading(tensor.file(), e).found(),
          "Check the file and its rights",
          e);
    }
  }

  /** Returns how many there are: the product of the shape's extents. */
  public long count() {
    return count;
  }

  /**
   * Reads numbers that lie one after the other. Several threads may read at a time.
   *
   * @param from index of the first one, the last dimension running fastest
   * @param at its place in {@code into}
   */
  public void read(long from, float[] into, int at, int length) {
    int own = (int) Math.max(0, Math.min(length, stored - from));
    readStored(from, into, at, own);
    Arrays.fill(into, at + own, at + length, 0);
    int both = base == null ? 0 : (int) Math.max(0, Math.min(own, base.stored - from));
    if (base != null && both > 0) {
      float[] added = new float[both];
      base.read(from, added, 0, both);
      for (int i = 0; i < both; i++) {
        into[at + i] += added[i];
      }
    }
  }

  private void readStored(long from, float[] into, int at, int length) {
    int perWindow = 1 << windowBits;
    for (int done = 0; done < length; ) {
      long place = from + done;
      int inside = (int) (place & (perWindow - 1));
      int size = Math.min(length - done, perWindow - inside);
      dtype.read(windows.get((int) (place >>> windowBits)), inside, into, at + done, size);
      done += size;
    }
  }
}
