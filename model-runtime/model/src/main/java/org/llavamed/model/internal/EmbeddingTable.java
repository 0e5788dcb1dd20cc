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
 * row in float32, little endian. The pages are the system's, shared between processes. Safe for use
 * by several threads.
 */
final class EmbeddingTable {
  private static final int MOST_MAPPED = 1 << 30;

  private final int hidden;
  private final int rowsPerPart;
  private final List<FloatBuffer> parts;

  private EmbeddingTable(int hidden, int rowsPerPart, List<FloatBuffer> parts) {
    this.hidden = hidden;
    this.rowsPerPart = rowsPerPart;
    this.parts = parts;
  }

  /**
   * Maps a data file.
   *
   * @throws ModelException if it cannot be read, or its size is not that of the table
   */
  static EmbeddingTable open(Path file, int vocabulary, int hidden) {
    long rowBytes = (long) hidden * Float.BYTES;
    int rowsPerPart = Math.toIntExact(MOST_MAPPED / rowBytes);
    List<FloatBuffer> parts = new ArrayList<>();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      long expected = vocabulary * rowBytes;
      if (channel.size() != expected) {
        throw ModelException.invalid(
            file,
            "holds %d bytes, expected %d: %d tokens of %d numbers in float32"
                .formatted(channel.size(), expected, vocabulary, hidden),
            "Import the checkpoint again with 'llavamed model import'");
      }
      for (int row = 0; row < vocabulary; row += rowsPerPart) {
        long bytes = Math.min(rowsPerPart, vocabulary - row) * rowBytes;
        ByteBuffer part = channel.map(FileChannel.MapMode.READ_ONLY, row * rowBytes, bytes);
        parts.add(part.order(ByteOrder.LITTLE_ENDIAN).asFloatBuffer());
      }
    } catch (IOException e) {
      throw ModelException.invalid(
          file,
          "cannot be mapped into memory (" + e + ")",
          "Copy the model folder to a local disk",
          e);
    }
    return new EmbeddingTable(hidden, rowsPerPart, List.copyOf(parts));
  }

  /**
   * Copies the embedding of a token.
   *
   * @param to receives {@code hidden} numbers from {@code at} on
   */
  void copy(int token, FloatBuffer to, int at) {
    FloatBuffer part = parts.get(token / rowsPerPart);
    to.put(at, part, token % rowsPerPart * hidden, hidden);
  }
}
