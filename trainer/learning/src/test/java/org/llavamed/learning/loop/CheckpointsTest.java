package org.llavamed.learning.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.learning.TrainingException;

final class CheckpointsTest {
  @TempDir Path folder;

  @Test
  void theNewestAreKept() throws IOException {
    Checkpoints checkpoints = checkpoints();
    for (long step : new long[] {5, 10, 15}) {
      Path written =
          checkpoints.write(step, half -> Files.writeString(half.resolve("a"), "" + step));
      assertThat(checkpoints.newest()).contains(written);
      assertThat(written.resolve("a")).hasContent("" + step);
    }
    assertThat(names()).containsExactly("step-00000010", "step-00000015");
  }

  @Test
  void aCheckpointThatWasCutOffIsNoneAndIsRemoved() throws IOException {
    Checkpoints checkpoints = checkpoints();
    Path whole = checkpoints.write(5, half -> Files.writeString(half.resolve("a"), "5"));
    assertThatThrownBy(
            () ->
                checkpoints.write(
                    10,
                    half -> {
                      Files.writeString(half.resolve("a"), "1");
                      throw new IllegalStateException("ended");
                    }))
        .hasMessage("ended");
    assertThat(names()).containsExactly("step-00000005", "step-00000010.half");
    assertThat(checkpoints.newest()).contains(whole);

    checkpoints.removeHalves();

    assertThat(names()).containsExactly("step-00000005");
  }

  @Test
  void oldOnesStayWhereANewOneCannotBeWritten() throws IOException {
    Checkpoints checkpoints = new Checkpoints(folder, 1);
    checkpoints.write(5, half -> Files.writeString(half.resolve("a"), "5"));
    assertThatThrownBy(
            () ->
                checkpoints.write(
                    10,
                    half -> {
                      throw new IOException("no space");
                    }))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "%s: it cannot be written (no space). Name another place."
                .formatted(folder.resolve("step-00000010")));
    assertThat(names()).contains("step-00000005");
  }

  @Test
  void aStepIsWrittenAgainInPlaceOfItself() throws IOException {
    Checkpoints checkpoints = checkpoints();
    checkpoints.write(5, half -> Files.writeString(half.resolve("a"), "old"));
    checkpoints.write(5, half -> Files.writeString(half.resolve("b"), "new"));
    assertThat(names()).containsExactly("step-00000005");
    assertThat(folder.resolve("step-00000005")).isDirectoryContaining("glob:**b");
    assertThat(folder.resolve("step-00000005/a")).doesNotExist();
  }

  @Test
  void aFolderThatIsNotThereHoldsNone() {
    assertThat(new Checkpoints(folder.resolve("none"), 2).newest()).isEmpty();
  }

  private Checkpoints checkpoints() {
    return new Checkpoints(folder, 2);
  }

  private List<String> names() throws IOException {
    try (Stream<Path> paths = Files.list(folder)) {
      return paths.map(path -> String.valueOf(path.getFileName())).sorted().toList();
    }
  }
}
