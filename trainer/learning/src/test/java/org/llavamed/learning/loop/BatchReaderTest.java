package org.llavamed.learning.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.data.Augmentation;
import org.llavamed.data.BatchPlan.Take;
import org.llavamed.learning.recipe.Recipe;

final class BatchReaderTest {
  private static final Augmentation NOISE = new Augmentation(0, 0, 0, 0, 0.1);

  @TempDir Path folder;

  @Test
  void aPictureThatAnEpochTakesTwiceIsChangedInTwoWays() throws IOException {
    Tiny.write(folder);
    Recipe recipe = Tiny.recipe(folder, "run", Map.of());
    try (var prepared = Prepared.of(recipe, Tiny.folder(recipe));
        var data = prepared.training(new Reports(told -> {}, () -> false))) {
      var reader = new BatchReader(data, prepared.pictures(), NOISE, 1, true, Optional.empty());
      FloatBuffer first = pixels(reader, new Take(0, 0));
      assertThat(pixels(reader, new Take(0, 0))).isEqualTo(first);
      assertThat(pixels(reader, new Take(0, 1))).isNotEqualTo(first);
      FloatBuffer both = pixels(reader, new Take(0, 0), new Take(0, 1));
      assertThat(both.slice(0, first.remaining())).isEqualTo(first);
    }
  }

  private static FloatBuffer pixels(BatchReader reader, Take... takes) {
    return reader.read(List.of(takes), 0).pixels().orElseThrow();
  }
}
