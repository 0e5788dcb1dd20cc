package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KvCacheTest {
  private static final int HEADS = 3;

  private static ModelDescription model;

  /** The embedded model has one head of keys and values, which would hide wrong strides. */
  @BeforeAll
  static void describe(@TempDir Path folder) throws IOException {
    TinyVqa.copy(folder, "\"kvHeads\" : 1", "\"kvHeads\" : " + HEADS);
    model = ModelFolder.open(folder).description();
    assertThat(model.kvHeads()).isEqualTo(HEADS);
  }

  /** Gives the numbers of a row's positions values of their own, in the tensors of graphs. */
  private static void fill(KvCache cache, int row, int positions, int seed, OnnxJavaType type)
      throws OrtException {
    each(cache, row, positions, type, (bytes, at, i) -> bytes.put(at, (byte) (seed + i * 31)));
    cache.wrote(row, positions);
  }

  private static void expect(KvCache cache, int row, int positions, int seed, OnnxJavaType type)
      throws OrtException {
    each(
        cache,
        row,
        positions,
        type,
        (bytes, at, i) -> assertThat(bytes.get(at)).isEqualTo((byte) (seed + i * 31)));
  }

  /** Some work on a byte, whose number is counted over planes, heads and positions. */
  @FunctionalInterface
  private interface Work {
    void at(ByteBuffer bytes, int index, int number);
  }

  private static void each(KvCache cache, int row, int positions, OnnxJavaType type, Work work)
      throws OrtException {
    int vector = model.headSize() * type.size;
    int number = 0;
    for (OnnxTensor tensor : cache.single(row)) {
      ByteBuffer bytes = (ByteBuffer) tensor.getBufferRef().orElseThrow();
      int capacity = (int) tensor.getInfo().getShape()[2];
      for (int head = 0; head < HEADS; head++) {
        for (int i = 0; i < positions * vector; i++) {
          // A number for each place, whatever the number of positions is.
          work.at(bytes, head * capacity * vector + i, number + 7 * head + i);
        }
      }
      number += 13;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = OnnxJavaType.class,
      names = {"FLOAT", "FLOAT16"})
  void keepsRowsWhereItGrowsAndCopiesAndSavesThem(OnnxJavaType type) throws OrtException {
    Onnx.environment();
    try (KvCache cache = new KvCache(model, type, 5, 1000)) {
      assertThat(cache.reserve(2, 40)).isTrue();
      assertThat(cache.reserve(2, 64)).as("is there").isFalse();
      fill(cache, 0, 64, 1, type);
      fill(cache, 1, 33, 2, type);
      assertThat(cache.reserve(3, 65)).isTrue();
      expect(cache, 0, 64, 1, type);
      expect(cache, 1, 33, 2, type);
      cache.copy(1, 2, 33);
      expect(cache, 2, 33, 2, type);
      List<ByteBuffer> saved = cache.save(0, 50, List.of());
      assertThat(saved.stream().mapToLong(ByteBuffer::capacity).sum())
          .isEqualTo(cache.savedBytes(50))
          .isEqualTo(2L * model.layers() * HEADS * 50 * model.headSize() * type.size);
      assertThat(cache.reserve(5, 1000)).isTrue();
      cache.load(saved, 50, 4);
      expect(cache, 4, 50, 1, type);
      expect(cache, 0, 64, 1, type);
      fill(cache, 3, 50, 9, type);
      assertThat(cache.save(3, 50, saved).get(0)).as("is written anew").isSameAs(saved.get(0));
      cache.load(saved, 50, 1);
      expect(cache, 1, 50, 9, type);
      assertThatIllegalArgumentException()
          .isThrownBy(() -> cache.reserve(6, 1001))
          .withMessage("6 rows of 1001 positions, expected at most 5 of 1000");
    }
  }

  @Test
  void positionsOfARowAreAppendedToAnotherOne() throws OrtException {
    try (KvCache cache = new KvCache(model, OnnxJavaType.FLOAT, 2, 64)) {
      cache.reserve(2, 64);
      fill(cache, 0, 40, 1, OnnxJavaType.FLOAT);
      cache.copy(0, 1, 10);
      cache.copy(0, 25, 1, 10, 15);
      int shift = 15 * model.headSize() * OnnxJavaType.FLOAT.size;
      int joint = 10 * model.headSize() * OnnxJavaType.FLOAT.size;
      List<ByteBuffer> from = cache.save(0, 40, List.of());
      List<ByteBuffer> to = cache.save(1, 25, List.of());
      for (int i = 0; i < from.size(); i++) {
        for (int head = 0; head < HEADS; head++) {
          ByteBuffer line = line(from.get(i), head);
          ByteBuffer other = line(to.get(i), head);
          assertThat(other.slice(0, joint)).isEqualTo(line.slice(0, joint));
          assertThat(other.slice(joint, shift)).isEqualTo(line.slice(joint + shift, shift));
        }
      }
    }
  }

  private static ByteBuffer line(ByteBuffer plane, int head) {
    int length = plane.capacity() / HEADS;
    return plane.slice(head * length, length);
  }

  /** A request that was cancelled leaves its row to the next one, which may hold nothing yet. */
  @Test
  void nothingMayBeCopiedFromARowThatIsNotThereYet() {
    try (KvCache cache = new KvCache(model, OnnxJavaType.FLOAT, 4, 64)) {
      cache.reserve(1, 64);
      assertThatCode(() -> cache.copy(1, 0, 0)).doesNotThrowAnyException();
    }
  }

  @Test
  void sizesGrowByAQuarterAtMost() {
    for (int positions = 256; positions < 5000; positions++) {
      assertThat(KvCache.sizeClass(positions)).isBetween(positions, positions + positions / 4);
    }
    assertThat(KvCache.sizeClass(1)).isEqualTo(64);
  }
}
