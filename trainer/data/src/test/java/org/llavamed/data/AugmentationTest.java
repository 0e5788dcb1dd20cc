package org.llavamed.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.data.Augmentation.Change;
import org.llavamed.data.BatchPlan.Take;
import org.llavamed.imaging.Picture;

final class AugmentationTest {
  private static final Path GOLDEN =
      Path.of("src/test/resources/org/llavamed/data/golden-rotation.txt");
  private static final Augmentation ALL = new Augmentation(15, 0.2, 0.1, 0.2, 0.02);
  private static final Picture PICTURE =
      Pictures.of(40, 30, 3, (x, y, c) -> 3 * x + 2 * y + 20 * c);

  @Test
  void nothingIsChangedUnlessAskedFor() {
    assertThat(Augmentation.NONE.apply(PICTURE, 1, new Take(3, 0), 2)).isSameAs(PICTURE);
  }

  @Test
  void aChangeOfNothingGivesTheSamePixels() {
    Picture same = Augmentation.apply(PICTURE, change(0, 1, 0, 1, 0), Chance.of("x"));
    assertThat(same.pixels()).isEqualTo(PICTURE.pixels());
  }

  @Test
  void theChangeFollowsFromSeedSampleTakeAndEpoch() {
    Picture first = ALL.apply(PICTURE, 1, new Take(3, 0), 2);
    assertThat(ALL.apply(PICTURE, 1, new Take(3, 0), 2)).isEqualTo(first);
    assertThat(ALL.apply(PICTURE, 1, new Take(3, 1), 2)).isNotEqualTo(first);
    assertThat(ALL.apply(PICTURE, 1, new Take(4, 0), 2)).isNotEqualTo(first);
    assertThat(ALL.apply(PICTURE, 2, new Take(3, 0), 2)).isNotEqualTo(first);
    assertThat(ALL.apply(PICTURE, 1, new Take(3, 0), 3)).isNotEqualTo(first);
  }

  @Test
  void whatIsTurnedIsWhatPillowTurns() throws IOException {
    List<String> lines = Files.readAllLines(GOLDEN);
    int[] size = numbers(lines.get(0));
    Picture picture = Pictures.of(size[0], size[1], 1, (x, y, c) -> (x + 2 * y) * 5 + x * y % 7);
    int compared = 0;
    for (int line = 1; line < lines.size(); line += 2) {
      double angle = Double.parseDouble(lines.get(line));
      int[] golden = numbers(lines.get(line + 1));
      Picture turned = Augmentation.apply(picture, change(angle, 1, 0, 1, 0), Chance.of("x"));
      for (int y = 0; y < size[1]; y++) {
        for (int x = 0; x < size[0]; x++) {
          if (isInside(x, y, size, angle)) {
            compared++;
            assertThat(Pictures.at(turned, x, y, 0))
                .as("%d, %d turned by %s", x, y, angle)
                .isCloseTo(golden[y * size[0] + x], within(1));
          }
        }
      }
    }
    assertThat(compared).isGreaterThan(300);
  }

  /** Pillow paints black at once where a pixel's place is outside. */
  private static boolean isInside(int x, int y, int[] size, double angle) {
    double radians = Math.toRadians(angle);
    double dx = x + 0.5 - size[0] / 2.0;
    double dy = y + 0.5 - size[1] / 2.0;
    double fromX = Math.cos(radians) * dx - Math.sin(radians) * dy + size[0] / 2.0;
    double fromY = Math.sin(radians) * dx + Math.cos(radians) * dy + size[1] / 2.0;
    return fromX > 1 && fromY > 1 && fromX < size[0] - 1 && fromY < size[1] - 1;
  }

  @Test
  void whatComesFromOutsideHasTheMeanColour() {
    Picture picture = Pictures.of(20, 20, 3, (x, y, c) -> x < 10 ? 40 * c : 100 + 40 * c);
    Picture turned = Augmentation.apply(picture, change(45, 1, 0, 1, 0), Chance.of("x"));
    for (int c = 0; c < 3; c++) {
      assertThat(Pictures.at(turned, 0, 0, c)).isEqualTo(50 + 40 * c);
      assertThat(Pictures.at(turned, 19, 19, c)).isEqualTo(50 + 40 * c);
    }
  }

  @Test
  void croppingKeepsAPartAsItIs() {
    Change half = new Change(0, 0.5, 1, 0, 0, 1, 0);
    Picture part = Augmentation.apply(PICTURE, half, Chance.of("x"));
    assertThat(List.of(part.width(), part.height())).containsExactly(20, 15);
    assertThat(Pictures.at(part, 0, 0, 0)).isEqualTo(Pictures.at(PICTURE, 20, 0, 0));
    assertThat(Pictures.at(part, 19, 14, 2)).isEqualTo(Pictures.at(PICTURE, 39, 14, 2));
  }

  @Test
  void brightnessAndContrastChangeValues() {
    Picture picture = Pictures.of(2, 1, 1, (x, y, c) -> x == 0 ? 100 : 200);
    Picture changed = Augmentation.apply(picture, change(0, 1, 10, 1.2, 0), Chance.of("x"));
    assertThat(Pictures.at(changed, 0, 0, 0)).isEqualTo(100); // 150 - 50 * 1.2 + 10
    assertThat(Pictures.at(changed, 1, 0, 0)).isEqualTo(220);
    Picture bright = Augmentation.apply(picture, change(0, 1, 100, 1, 0), Chance.of("x"));
    assertThat(Pictures.at(bright, 1, 0, 0)).isEqualTo(255);
    Picture dark = Augmentation.apply(picture, change(0, 1, -120, 1, 0), Chance.of("x"));
    assertThat(Pictures.at(dark, 0, 0, 0)).isZero();
  }

  @Test
  void noiseHasTheStatedDeviationAndLeavesGreyGrey() {
    Picture grey = Pictures.of(200, 200, 3, (x, y, c) -> 128);
    Picture noisy = Augmentation.apply(grey, change(0, 1, 0, 1, 10), Chance.of("x"));
    double sum = 0;
    for (int y = 0; y < 200; y++) {
      for (int x = 0; x < 200; x++) {
        int value = Pictures.at(noisy, x, y, 0);
        assertThat(Pictures.at(noisy, x, y, 2)).isEqualTo(value);
        sum += (value - 128.0) * (value - 128.0);
      }
    }
    assertThat(Math.sqrt(sum / 40_000)).isCloseTo(10, within(0.2));
  }

  /** A bright half on the left stays there; the bounds keep the middle row inside the picture. */
  @Test
  void leftAndRightAreNeverExchanged() {
    Picture marked = Pictures.of(60, 60, 1, (x, y, c) -> x < 30 ? 250 : 5);
    var most = new Augmentation(30, 0.2, 0.1, 0.5, 0.05);
    IntStream.range(0, 200)
        .forEach(
            i -> {
              Picture changed = most.apply(marked, 9, new Take(i, 0), 0);
              int y = changed.height() / 2;
              int right = 0;
              int left = 0;
              for (int x = 0; x < changed.width() / 2; x++) {
                left += Pictures.at(changed, x, y, 0);
                right += Pictures.at(changed, changed.width() - 1 - x, y, 0);
              }
              assertThat(left).as("sample %d", i).isGreaterThan(right);
            });
  }

  @ParameterizedTest
  @CsvSource({"46, 0", "-1, 0", "0, 0.6", "NaN, 0"})
  void aChangeBeyondItsBoundsIsRefused(double rotation, double crop) {
    assertThatThrownBy(() -> new Augmentation(rotation, crop, 0, 0, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("expected 0 to");
  }

  private static Change change(
      double angle, double kept, double brightness, double contrast, double noise) {
    return new Change(angle, kept, 0, 0, brightness, contrast, noise);
  }

  private static int[] numbers(String line) {
    return Stream.of(line.split(" ")).mapToInt(Integer::parseInt).toArray();
  }
}
