package org.llavamed.learning.loop;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32C;
import org.llavamed.files.FileError;
import org.llavamed.learning.TrainingException;

/**
 * What a frozen tower makes of pictures, kept on disk. {@code NAME.bin} holds the features one
 * after another, each {@code positions x width} numbers of 32-bit floating point, little-endian;
 * {@code NAME.index} begins with a line of JSON that says so, and has a line for each of them, in
 * their order: the SHA-256 of the prepared picture and the CRC-32C of its features. A cache of
 * another tower or shape, and features that are damaged or cut off, count as missing.
 *
 * <p>Each process has files of its own. Not safe for use by several threads.
 */
final class FeatureCache implements AutoCloseable {
  private static final int VERSION = 1;
  private static final long SEGMENT = 1L << 29;
  private static final int MOST_LINE = 1 << 12;

  private final Path file;
  private final FileChannel features;
  private final FileChannel index;
  private final int slot;
  private final int slotsPerSegment;
  private final Map<String, Entry> entries = new HashMap<>();
  private final Map<Integer, ByteBuffer> segments = new HashMap<>();
  private int next;

  private record Entry(int slot, int checksum) {}

  /**
   * What the features are of.
   *
   * @param tower SHA-256 of the tower's weights and of how it is computed
   * @param positions of a picture
   * @param width numbers at each position
   */
  record Kind(String tower, int positions, int width) {
    int bytes() {
      return Math.multiplyExact(Math.multiplyExact(positions, width), Float.BYTES);
    }

    private String header() throws IOException {
      Map<String, Object> header = new LinkedHashMap<>();
      header.put("version", VERSION);
      header.put("type", "F32");
      header.put("positions", positions);
      header.put("width", width);
      header.put("tower", tower);
      return new ObjectMapper().writeValueAsString(header);
    }
  }

  private FeatureCache(Path file, FileChannel features, FileChannel index, int slot) {
    this.file = file;
    this.features = features;
    this.index = index;
    this.slot = slot;
    this.slotsPerSegment = (int) Math.max(1, SEGMENT / slot);
  }

  /**
   * Opens a cache, or begins one.
   *
   * @param folder made where it is not there
   * @param name of the files, without ending
   * @throws TrainingException if it can be neither read nor written
   */
  static FeatureCache open(Path folder, String name, Kind kind) {
    Path file = folder.resolve(name + ".bin");
    try {
      Files.createDirectories(folder);
      Path index = folder.resolve(name + ".index");
      var cache = new FeatureCache(file, writable(file), writable(index), kind.bytes());
      cache.readIndex(index, kind.header());
      return cache;
    } catch (IOException e) {
      FileError error = FileError.writing(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
  }

  private static FileChannel writable(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
  }

  /** Takes the lines that are whole and whose features are; what is behind them is cut off. */
  private void readIndex(Path path, String header) throws IOException {
    long end = 0;
    try (var lines = new RandomAccessFile(path.toFile(), "r")) {
      long slots = features.size() / slot;
      Optional<String> line = line(lines);
      if (line.filter(header::equals).isPresent()) {
        end = lines.getFilePointer();
        line = line(lines);
        while (next < slots
            && line.filter(text -> text.matches("[0-9a-f]{64} [0-9a-f]{8}")).isPresent()) {
          String text = line.get();
          int checksum = Integer.parseUnsignedInt(text.substring(65), 16);
          entries.put(text.substring(0, 64), new Entry(next++, checksum));
          end = lines.getFilePointer();
          line = line(lines);
        }
      }
    }
    index.truncate(end);
    features.truncate((long) next * slot);
    if (end == 0) {
      append(header);
    }
  }

  /** Returns the next line; empty where there is none that ends, or it is none of ours. */
  private static Optional<String> line(RandomAccessFile file) throws IOException {
    var line = new StringBuilder();
    for (int c = file.read(); c >= 0 && line.length() < MOST_LINE; c = file.read()) {
      if (c == '\n') {
        return Optional.of(line.toString());
      }
      line.append((char) c);
    }
    return Optional.empty();
  }

  /** Returns the number of pictures whose features are there. */
  int size() {
    return entries.size();
  }

  /**
   * Returns features, mapped from the disk: row-major [positions, width].
   *
   * @param picture SHA-256 of the prepared picture
   */
  Optional<ByteBuffer> find(String picture) {
    Entry entry = entries.get(picture);
    if (entry == null) {
      return Optional.empty();
    }
    try {
      ByteBuffer found = mapped(entry.slot);
      return checksum(found) == entry.checksum ? Optional.of(found) : Optional.empty();
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
  }

  /**
   * Keeps features.
   *
   * @param picture SHA-256 of the prepared picture
   * @param numbers as {@link #find} returns them
   */
  void put(String picture, ByteBuffer numbers) {
    if (numbers.remaining() != slot) {
      throw new IllegalArgumentException(
          "features have %d bytes, expected %d".formatted(numbers.remaining(), slot));
    }
    try {
      long at = (long) next * slot;
      for (ByteBuffer rest = numbers.duplicate(); rest.hasRemaining(); ) {
        at += features.write(rest, at);
      }
      int checksum = checksum(numbers);
      append("%s %08x".formatted(picture, checksum));
      entries.put(picture, new Entry(next++, checksum));
    } catch (IOException e) {
      FileError error = FileError.writing(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
  }

  private void append(String line) throws IOException {
    ByteBuffer bytes = StandardCharsets.UTF_8.encode(line + "\n");
    for (long at = index.size(); bytes.hasRemaining(); ) {
      at += index.write(bytes, at);
    }
  }

  private ByteBuffer mapped(int number) throws IOException {
    int segment = number / slotsPerSegment;
    int from = number % slotsPerSegment * slot;
    ByteBuffer map = segments.get(segment);
    if (map == null || map.limit() < from + slot) {
      long start = (long) segment * slotsPerSegment * slot;
      long length = Math.min(features.size() - start, (long) slotsPerSegment * slot);
      map = features.map(FileChannel.MapMode.READ_ONLY, start, length);
      segments.put(segment, map);
    }
    return map.slice(from, slot).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int checksum(ByteBuffer bytes) {
    var checksum = new CRC32C();
    checksum.update(bytes.duplicate());
    return (int) checksum.getValue();
  }

  @Override
  public void close() {
    for (FileChannel channel : List.of(features, index)) {
      try {
        channel.close();
      } catch (IOException e) {
        FileError error = FileError.writing(file, e);
        throw TrainingException.invalid(file, error.found(), error.advice(), e);
      }
    }
  }
}
