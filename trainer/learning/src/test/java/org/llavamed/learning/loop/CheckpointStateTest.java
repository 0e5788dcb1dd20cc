package org.llavamed.learning.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.loop.CheckpointState.Best;
import org.llavamed.learning.loop.CheckpointState.Position;
import org.llavamed.learning.loop.CheckpointState.Setting;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.recipe.RecipeReader;

final class CheckpointStateTest {
  private static final Map<String, String> FILES = Map.of("train.json", "0a");

  @TempDir Path folder;

  @Test
  void aStateIsReadAsItWasWritten() throws IOException {
    for (Best best : new Best[] {null, new Best(4, 0.1 + 0.2)}) {
      var state = new CheckpointState(new Position(7, 1L << 40, 3), setting(Map.of(), 2), best);
      state.write(folder);
      assertThat(CheckpointState.read(folder)).isEqualTo(state);
    }
  }

  @Test
  void theSameRunGoesOn() throws IOException {
    assertThatCode(() -> stored().requireSame(folder, setting(Map.of(), 1)))
        .doesNotThrowAnyException();
  }

  @Test
  void folderAndCheckpointsMayChange() throws IOException {
    Map<String, String> moved = Map.of("out", "elsewhere", "checkpoints.every", "7");
    assertThatCode(() -> stored().requireSame(folder, setting(moved, 1)))
        .doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "optimiser.clip | 2.5 | the recipe's optimiser.clip is 2.5, the checkpoint's 1.0",
        "seed | 9 | the recipe's seed is 9, the checkpoint's 1",
        "lora.rank | 4 | the recipe's lora is {\"rank\":4,\"alpha\":2.0,\"dropout\":0.0,"
            + "\"targets\":[\"q_proj\"]}, the checkpoint's not there",
        "data.0.file | other.json | the recipe's data.0.file is \"other.json\", the checkpoint's"
            + " \"train.json\""
      })
  void anotherRecipeIsRefusedByItsKey(String key, String value, String found) throws IOException {
    Map<String, String> changed = new HashMap<>(Map.of(key, value));
    if (key.startsWith("lora")) {
      changed.put("lora.alpha", "2");
      changed.put("lora.targets", "[q_proj]");
    }
    assertThatThrownBy(() -> stored().requireSame(folder, setting(changed, 1)))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            folder
                + ": "
                + found
                + ". Resume with what the checkpoint was made with, or begin anew in another"
                + " folder.");
  }

  @Test
  void otherDataAreRefusedByTheirFile() throws IOException {
    var other = new Setting(stored().setting().recipe(), sorted("train.json", "0b"), 1, "engine");
    assertThatThrownBy(() -> stored().requireSame(folder, other))
        .hasMessageContaining("the SHA-256 of train.json is 0b, the checkpoint's 0a");
  }

  @Test
  void anotherNumberOfProcessesIsRefused() throws IOException {
    assertThatThrownBy(() -> stored().requireSame(folder, setting(Map.of(), 2)))
        .hasMessageContaining("the number of processes is 2, the checkpoint's 1");
  }

  @Test
  void aDamagedStateIsNamed() throws IOException {
    Files.writeString(folder.resolve("state.json"), "{");
    assertThatThrownBy(() -> CheckpointState.read(folder))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith(folder.resolve("state.json") + ": it is no state of a run (")
        .hasMessageEndingWith("). Remove this checkpoint; the one before it is used then.");
  }

  private CheckpointState stored() throws IOException {
    new CheckpointState(Position.BEGIN, setting(Map.of(), 1), null).write(folder);
    return CheckpointState.read(folder);
  }

  private Setting setting(Map<String, String> changed, int processes) throws IOException {
    Path file = folder.resolve("recipe.yaml");
    Files.writeString(
        file,
        """
        name: r
        out: runs/r
        model: {folder: m}
        rates: {decoder: 1e-3}
        data: [{file: train.json, pictures: p}]
        """);
    Recipe recipe = new RecipeReader().read(file, changed);
    return Setting.of(recipe, FILES, processes, "engine");
  }

  private static SortedMap<String, String> sorted(String key, String value) {
    return new TreeMap<>(Map.of(key, value));
  }
}
