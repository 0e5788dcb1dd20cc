package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.learning.TrainingException;
import picocli.CommandLine;

class TrainCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void makeADistribution() throws Exception {
    System.setProperty(Distribution.PROPERTY, folder.toString());
    Files.createDirectories(folder.resolve("recipes"));
    Files.writeString(
        folder.resolve("recipes/tiny.yaml"),
        "name: r\nout: %s/run\nmodel: {folder: m}\nrates: {decoder: 1}\ndata: [{file: f, pictures: p}]\n"
            .formatted(folder));
  }

  @AfterEach
  void forgetTheDistribution() {
    System.clearProperty(Distribution.PROPERTY);
  }

  /** Returns what a command line fails by. */
  private Exception failure(String... arguments) {
    var command =
        new TrainCommand(
            new EngineStore("", Map.of(), folder),
            (request, progress) -> {
              throw new AssertionError("imported");
            });
    var failures = new ArrayList<Exception>();
    new CommandLine(command)
        .setParameterExceptionHandler(
            (error, given) -> {
              failures.add(error);
              return 2;
            })
        .setExecutionExceptionHandler(
            (error, line, result) -> {
              failures.add(error);
              return 1;
            })
        .execute(arguments);
    assertThat(failures).hasSize(1);
    return failures.get(0);
  }

  @ParameterizedTest
  @CsvSource({
    "'tiny --device tpu', '--device is ''tpu'', expected auto, cpu or cuda'",
    "'tiny --threads 0', '--threads is 0, expected 1 or more'",
    "'tiny --nproc 0', '--nproc is 0, expected 1 to 4096'",
    "'tiny --nnodes 2', '--nnodes is 2 without --master, expected the first machine''s HOST:PORT'"
  })
  void wrongOptionsAreNamed(String arguments, String said) {
    assertThat(failure(arguments.split(" ", -1)))
        .isInstanceOf(CommandLine.ParameterException.class)
        .hasMessage(said);
  }

  @Test
  void aSettingReplacesAValueOfTheRecipe() {
    assertThat(failure("tiny", "--device=cpu", "--set", "data.0.file=other.json"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "r, key data: there is no file %s. Correct the recipe, or start in the folder that its paths are relative to."
                .formatted(Path.of("other.json").toAbsolutePath()));
  }
}
