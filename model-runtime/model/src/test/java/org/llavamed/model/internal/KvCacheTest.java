package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtException;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class KvCacheTest {
  private static final ModelDescription MODEL = ModelFolder.open(TinyVqa.FOLDER).description();

  /** Gives every number of a row a value of its own, through the tensors that graphs write to. */
  private static void fill(KvCache cache, int row, int positions, int seed, OnnxJavaType type)
      throws OrtException {
    int plane = 0;
    for (OnnxTensor tensor : cache.single(row)) {
      ByteBuffer bytes = bytes(tensor);
      for (int i = 0; i < positions * MODEL.headSize() * type.size; i++) {
        bytes.put(i, (byte) (seed + 7 * plane + i * 31));
      }
      plane++;
    }
    cache.wrote(row, positions);
  }

  private static ByteBuffer bytes(OnnxTensor tensor) {
    return (ByteBuffer) tensor.getBufferRef().orElseThrow();
  }

  private static void expect(KvCache cache, int row, int positions, int seed, OnnxJavaType type)
      throws OrtException {
    int plane = 0;
    for (OnnxTensor tensor : cache.single(row)) {
      ByteBuffer bytes = bytes(tensor);
      for (int i = 0; i < positions * MODEL.headSize() * type.size; i++) {
        assertThat(bytes.get(i)).isEqualTo((byte) (seed + 7 * plane + i * 31));
      }
      plane++;
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = OnnxJavaType.class,
      names = {"FLOAT", "FLOAT16"})
  void keepsRowsWhereItGrowsAndCopiesAndSavesThem(OnnxJavaType type) throws OrtException {
    Onnx.environment();
    try (KvCache cache = new KvCache(MODEL, type, 5, 1000)) {
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
          .isEqualTo(2L * MODEL.layers() * 50 * MODEL.headSize() * type.size);
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
  void sizesGrowByAQuarterAtMost() {
    for (int positions = 256; positions < 5000; positions++) {
      assertThat(KvCache.sizeClass(positions)).isBetween(positions, positions + positions / 4);
    }
    assertThat(KvCache.sizeClass(1)).isEqualTo(64);
  }
}
