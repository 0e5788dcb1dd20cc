package org.llavamed.checkpoint;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The numbers of tensors: over several windows, added to a base, with rows of zeros behind. */
final class NumbersTest {
  private static final int WINDOW_BITS = 2;

  @TempDir Path scratch;

  /** A matrix of rows of three numbers that begins at an odd offset. */
  private StoredTensor matrix(String name, float... numbers) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(5 + 4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    bytes.position(5);
    for (float number : numbers) {
      bytes.putFloat(number);
    }
    Path file = Files.write(scratch.resolve(name), bytes.array());
    List<Long> shape = List.of(numbers.length / 3L, 3L);
    return new StoredTensor(name, file, "F32", shape, 5, 4L * numbers.length, Optional.empty());
  }

  private static List<Float> all(StoredTensor tensor) {
    Numbers numbers = new Numbers(tensor, WINDOW_BITS);
    float[] all = new float[(int) numbers.count() + 1];
    numbers.read(0, all, 1, all.length - 1);
    List<Float> list = new ArrayList<>();
    for (int i = 1; i < all.length; i++) {
      float[] alone = new float[1];
      numbers.read(i - 1, alone, 0, 1);
      assertThat(alone[0]).isEqualTo(all[i]);
      list.add(all[i]);
    }
    return list;
  }

  @Test
  void aTensorLongerThanAWindowIsReadInSeveral() throws IOException {
    assertThat(all(matrix("w", 1, 2, 3, 4, 5, 6, 7, 8, 9)))
        .containsExactly(1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f, 9f);
  }

  @Test
  void aBaseIsAddedInFloat32AndRowsThatItLacksStayAsTheyAre() throws IOException {
    StoredTensor base = matrix("base", 0.1f, 100_000_000f, -3);
    StoredTensor delta = matrix("delta", 0.2f, 1, 3, 7, -0f, 9);
    assertThat(all(delta.plus(base))).containsExactly(0.1f + 0.2f, 100_000_000f, 0f, 7f, -0f, 9f);
  }

  @Test
  void rowsBehindTheStoredOnesAreZero() throws IOException {
    StoredTensor longer = matrix("w", 1, 2, 3).withRows(3);
    assertThat(longer.shape()).containsExactly(3L, 3L);
    assertThat(all(longer)).containsExactly(1f, 2f, 3f, 0f, 0f, 0f, 0f, 0f, 0f);
  }
}
