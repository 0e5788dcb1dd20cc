package org.llavamed.importer.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.ModelException;

/**
 * The numbers of a tensor in float32, row by row. They stay in their file, memory-mapped in
 * windows, as one mapping holds at most 2 GiB: a tensor of any size takes no heap.
 *
 * <p>Numbers of a tensor with a {@linkplain StoredTensor#base base} are sums in float32. Both are
 * counted from the start, so a base with fewer rows leaves the last rows as they are. Numbers that
 * the shape has and the file has not are 0.
 */
final class Numbers {
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
  Numbers(StoredTensor tensor) {
    this(tensor, WINDOW_BITS);
  }

  /**
   * @param windowBits 2 to this power is how many numbers are mapped in one piece
   */
  Numbers(StoredTensor tensor, int windowBits) {
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
          tensor.where(), "it cannot be read (" + e + ")", "Check the file and its rights", e);
    }
  }

  /** Returns how many there are: the product of the shape's extents. */
  long count() {
    return count;
  }

  /**
   * Returns a number.
   *
   * @param index from 0 to {@link #count} - 1, the last dimension running fastest
   */
  float at(long index) {
    if (index >= stored) {
      return 0;
    }
    ByteBuffer window = windows.get((int) (index >>> windowBits));
    float own = dtype.at(window, (int) (index & ((1 << windowBits) - 1)));
    return base == null || index >= base.stored ? own : own + base.at(index);
  }
}
