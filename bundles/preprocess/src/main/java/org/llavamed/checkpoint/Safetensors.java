package org.llavamed.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelException;

/**
 * The safetensors format: 8 bytes with the length of the header (little endian), the header (a JSON
 * object: tensor name to dtype, shape and data_offsets, the latter counted from the header's end),
 * the numbers. Only the header is read here; {@link Numbers} reads the rest.
 */
public final class Safetensors {
  /** Longest header that is read, in bytes; that of a 7 B model has about 40,000. */
  public static final long MAX_HEADER = 16 << 20;

  private static final ObjectMapper JSON =
      new ObjectMapper().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

  private Safetensors() {}

  /**
   * Reads the header of a file.
   *
   * @return every tensor by its name, in the file's order
   * @throws ModelException if the file is cut, or the header is no such header
   */
  public static Map<String, StoredTensor> read(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long size = channel.size();
      if (size < 8) {
        throw damaged(file, "it has %d bytes, expected at least 8".formatted(size));
      }
      long length = bytes(channel, 0, 8).getLong(0);
      if (length < 2 || length > Math.min(MAX_HEADER, size - 8)) {
        throw damaged(
            file,
            "the header's length is stated as %s bytes, the file has %d"
                .formatted(Long.toUnsignedString(length), size));
      }
      JsonNode header = JSON.readTree(bytes(channel, 8, (int) length).array());
      if (!header.isObject()) {
        throw damaged(file, "the header is no JSON object");
      }
      return tensors(file, header, 8 + length, size);
    } catch (JsonProcessingException e) {
      throw ModelException.invalid(
          file,
          "the header is no valid JSON (" + e.getOriginalMessage() + ")",
          "Copy the file again",
          e);
    } catch (IOException e) {
      throw ModelException.invalid(
          file, FileError.reading(file, e).found(), "Check the file and its rights", e);
    }
  }

  private static Map<String, StoredTensor> tensors(
      Path file, JsonNode header, long start, long size) {
    Map<String, StoredTensor> tensors = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : header.properties()) {
      if (!entry.getKey().equals("__metadata__")) {
        tensors.put(entry.getKey(), tensor(file, entry.getKey(), entry.getValue(), start, size));
      }
    }
    return tensors;
  }

  private static StoredTensor tensor(
      Path file, String name, JsonNode value, long start, long size) {
    String where = file + ", tensor " + name;
    String dtype = value.path("dtype").asText("");
    JsonNode offsets = value.path("data_offsets");
    List<Long> shape = shape(where, value.path("shape"));
    if (dtype.isEmpty()
        || offsets.size() != 2
        || !isCount(offsets.path(0))
        || !isCount(offsets.path(1))) {
      throw damaged(where, "its entry needs dtype, shape and two data_offsets");
    }
    long begin = offsets.get(0).longValue();
    long end = offsets.get(1).longValue();
    if (begin > end || end > size - start) {
      throw damaged(
          where,
          "its data_offsets are %d to %d, the file has %d bytes of data"
              .formatted(begin, end, size - start));
    }
    StoredTensor tensor =
        new StoredTensor(name, file, dtype, shape, start + begin, end - begin, Optional.empty());
    checkLength(tensor);
    return tensor;
  }

  /** Types that are not read here may be of any size: such tensors lie beside the weights. */
  private static void checkLength(StoredTensor tensor) {
    for (Dtype dtype : Dtype.values()) {
      if (dtype.name().equals(tensor.dtype())) {
        long expected = dtype.bytes();
        try {
          for (long extent : tensor.shape()) {
            expected = Math.multiplyExact(expected, extent);
          }
        } catch (ArithmeticException e) {
          throw damaged(tensor.where(), "its shape %s is too large".formatted(tensor.shape()));
        }
        if (expected != tensor.length()) {
          throw damaged(
              tensor.where(),
              "%s of shape %s needs %d bytes, its data_offsets span %d"
                  .formatted(tensor.dtype(), tensor.shape(), expected, tensor.length()));
        }
      }
    }
  }

  private static List<Long> shape(String where, JsonNode shape) {
    List<Long> extents = new ArrayList<>();
    for (JsonNode extent : shape) {
      if (!isCount(extent)) {
        throw damaged(where, "its shape is " + shape + ", expected whole numbers");
      }
      extents.add(extent.longValue());
    }
    if (!shape.isArray() || extents.size() > 8) {
      throw damaged(where, "its shape is no list of at most 8 numbers");
    }
    return extents;
  }

  private static boolean isCount(JsonNode node) {
    return node.isIntegralNumber() && node.canConvertToLong() && node.longValue() >= 0;
  }

  private static ByteBuffer bytes(FileChannel channel, long position, int length)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, position + buffer.position()) < 0) {
        throw new EOFException("the file became shorter while it was read");
      }
    }
    return buffer;
  }

  private static ModelException damaged(Object where, String found) {
    return ModelException.invalid(where, found, "Copy the file again, it is cut or damaged");
  }
}
