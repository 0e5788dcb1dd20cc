package org.llavamed.model.internal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.inference.ModelException;

/**
 * The embeddings of all tokens, read where they lie in the data file of embed_tokens.onnx: row by
 * row in float32 or float16, little endian. The pages are the system's, shared between processes.
 * Safe for use by several threads.
 */
final class EmbeddingTable {
  private static final int MOST_MAPPED = 1 << 30;

  private final int hidden;
  private final int numberBytes;
  private final int rowsPerPart;
  private final List<ByteBuffer> parts;

  private EmbeddingTable(int hidden, int numberBytes, int rowsPerPart, List<ByteBuffer> parts) {
    this.hidden = hidden;
    this.numberBytes = numberBytes;
    this.rowsPerPart = rowsPerPart;
    this.parts = parts;
  }

  /**
   * Maps the table of a model folder, the float32 one where there are two.
   *
   * @throws ModelException if it cannot be read, or its size is not that of the table
   */
  static EmbeddingTable open(ModelFolder folder) {
    ModelDescription model = folder.description();
    String half = "onnx/embed_tokens_fp16.onnx_data";
    String full = "onnx/embed_tokens.onnx_data";
    boolean isHalf = model.files().containsKey(half) && !model.files().containsKey(full);
    Path file = folder.file(isHalf ? half : full);
    return open(
        file, model.embeddingRows(), model.hiddenSize(), isHalf ? Short.BYTES : Float.BYTES);
  }

  private static EmbeddingTable open(Path file, int tokens, int hidden, int numberBytes) {
    long rowBytes = (long) hidden * numberBytes;
    int rowsPerPart = Math.toIntExact(MOST_MAPPED / rowBytes);
    List<ByteBuffer> parts = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long expected = tokens * rowBytes;
      if (channel.size() != expected) {
        throw ModelException.invalid(
            file,
            "holds %d bytes, expected %d: %d tokens of %d numbers in float%d"
                .formatted(channel.size(), expected, tokens, hidden, 8 * numberBytes),
            "Import the checkpoint again with 'llavamed model import'");
      }
      for (int row = 0; row < tokens; row += rowsPerPart) {
        long bytes = Math.min(rowsPerPart, tokens - row) * rowBytes;
        ByteBuffer part = channel.map(FileChannel.MapMode.READ_ONLY, row * rowBytes, bytes);
        parts.add(part.order(ByteOrder.LITTLE_ENDIAN));
      }
    } catch (IOException e) {
      throw ModelException.invalid(
          file,
          "cannot be mapped into memory (" + e + ")",
          "Copy the model folder to a local disk",
          e);
    }
    return new EmbeddingTable(hidden, numberBytes, rowsPerPart, List.copyOf(parts));
  }

  /**
   * Copies the embedding of a token.
   *
   * @param to receives {@code hidden} numbers from {@code at} on
   */
  void copy(int token, FloatBuffer to, int at) {
    ByteBuffer part = parts.get(token / rowsPerPart);
    int from = token % rowsPerPart * hidden * numberBytes;
    for (int i = 0; i < hidden; i++) {
      int index = from + i * numberBytes;
      to.put(
          at + i, numberBytes == Float.BYTES ? part.getFloat(index) : ofHalf(part.getShort(index)));
    }
  }

  /** Returns the value of a float16 number: sign, 5 bits of exponent, 10 bits of fraction. */
  static float ofHalf(short half) {
    int exponent = half >> 10 & 0x1F;
    int fraction = half & 0x3FF;
    float size =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24f;
          case 0x1F -> fraction == 0 ? Float.POSITIVE_INFINITY : Float.NaN;
          default -> Float.intBitsToFloat((exponent + 112) << 23 | fraction << 13);
        };
    return half < 0 ? -size : size;
  }
}
