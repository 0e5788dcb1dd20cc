package org.llavamed.learning.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.loop.FeatureCache.Kind;

final class FeatureCacheTest {
  private static final Kind KIND = new Kind("aa", 3, 2);

  @TempDir Path folder;

  @Test
  void featuresAreFoundAgainAlsoByALaterProcess() {
    try (FeatureCache cache = open(KIND)) {
      for (int i = 0; i < 5; i++) {
        cache.put(picture(i), features(i));
        assertThat(cache.find(picture(i))).contains(features(i));
      }
      assertThat(cache.find(picture(5))).isEmpty();
    }
    try (FeatureCache cache = open(KIND)) {
      assertThat(cache.size()).isEqualTo(5);
      for (int i = 4; i >= 0; i--) {
        assertThat(cache.find(picture(i))).contains(features(i));
      }
      cache.put(picture(7), features(7));
      assertThat(cache.find(picture(7))).contains(features(7));
    }
  }

  @Test
  void aCacheOfAnotherTowerOrShapeBeginsAnew() {
    for (Kind other : new Kind[] {new Kind("bb", 3, 2), new Kind("bb", 2, 3)}) {
      fill();
      try (FeatureCache cache = open(other)) {
        assertThat(cache.size()).isZero();
        cache.put(picture(1), features(9));
        assertThat(cache.find(picture(1))).contains(features(9));
      }
    }
  }

  @Test
  void whatWasCutOffIsMissing() throws IOException {
    fill();
    cut("f.bin", 4 * KIND.bytes() + 1);
    try (FeatureCache cache = open(KIND)) {
      assertThat(cache.size()).isEqualTo(4);
      assertThat(cache.find(picture(3))).contains(features(3));
      cache.put(picture(4), features(4));
    }
    cut("f.index", Files.size(folder.resolve("f.index")) - 1);
    try (FeatureCache cache = open(KIND)) {
      assertThat(cache.size()).isEqualTo(4);
      cache.put(picture(4), features(4));
      assertThat(cache.find(picture(4))).contains(features(4));
    }
  }

  @Test
  void whatIsDamagedIsMissingUntilItIsPutAgain() throws IOException {
    fill();
    try (var channel = Files.newByteChannel(folder.resolve("f.bin"), StandardOpenOption.WRITE)) {
      channel.position(2L * KIND.bytes()).write(ByteBuffer.wrap(new byte[] {99}));
    }
    try (FeatureCache cache = open(KIND)) {
      assertThat(cache.find(picture(2))).isEmpty();
      cache.put(picture(2), features(2));
      assertThat(cache.find(picture(2))).contains(features(2));
    }
    try (FeatureCache cache = open(KIND)) {
      assertThat(cache.find(picture(2))).contains(features(2));
      assertThat(cache.find(picture(4))).contains(features(4));
    }
  }

  @Test
  void anIndexOfSomethingElseBeginsAnew() throws IOException {
    fill();
    Files.write(folder.resolve("f.index"), new byte[1 << 16]);
    try (FeatureCache cache = open(KIND)) {
      assertThat(cache.size()).isZero();
    }
  }

  @Test
  void featuresOfAnotherLengthAreRefused() {
    try (FeatureCache cache = open(KIND)) {
      assertThatThrownBy(() -> cache.put(picture(0), ByteBuffer.allocate(8)))
          .hasMessage("features have 8 bytes, expected 24");
    }
  }

  @Test
  void aFolderThatCannotBeMadeIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> FeatureCache.open(file, "f", KIND))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(file.resolve("f.bin") + ": it cannot be written");
  }

  private FeatureCache open(Kind kind) {
    return FeatureCache.open(folder.resolve("."), "f", kind);
  }

  private void fill() {
    try (FeatureCache cache = open(new Kind("none", 1, 1))) {
      assertThat(cache.size()).isZero();
    }
    try (FeatureCache cache = open(KIND)) {
      for (int i = 0; i < 5; i++) {
        cache.put(picture(i), features(i));
      }
    }
  }

  private void cut(String name, long size) throws IOException {
    try (var channel = Files.newByteChannel(folder.resolve(name), StandardOpenOption.WRITE)) {
      channel.truncate(size);
    }
  }

  private static String picture(int number) {
    return "%064x".formatted(number);
  }

  private static ByteBuffer features(int number) {
    ByteBuffer features = ByteBuffer.allocate(KIND.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    while (features.hasRemaining()) {
      features.putFloat(number + features.position() / 100f);
    }
    return features.flip();
  }
}
