package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
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

  private void run(String... arguments) {
    var command =
        new TrainCommand(
            new EngineStore("", Map.of(), folder),
            (request, progress) -> {
              throw new AssertionError("imported");
            });
    new CommandLine(command)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(
            (error, given) -> {
              throw error;
            })
        .setExecutionExceptionHandler(
            (error, line, result) -> {
              throw error;
            })
        .execute(arguments);
  }

  private Throwable failure(String arguments) {
    try {
      run(arguments.split(" ", -1));
      throw new AssertionError("nothing failed");
    } catch (CommandLine.PicocliException e) {
      return e;
    }
  }

  @ParameterizedTest
  @CsvSource({
    "'tiny --device tpu', '--device is ''tpu'', expected auto, cpu or cuda'",
    "'tiny --threads 0', '--threads is 0, expected 1 or more'",
    "'tiny --nproc 0', '--nproc is 0, expected 1 to 4096'",
    "'tiny --nnodes 2', '--nnodes is 2 without --master, expected the first machine''s HOST:PORT'"
  })
  void wrongOptionsAreNamed(String arguments, String said) {
    assertThat(failure(arguments)).hasMessage(said);
  }

  @Test
  void aSettingReplacesAValueOfTheRecipe() {
    assertThatThrownBy(() -> run("tiny", "--device=cpu", "--set", "data.0.file=other.json"))
        .hasRootCauseInstanceOf(TrainingException.class)
        .hasRootCauseMessage(
            "r, key data: there is no file %s. Correct the recipe, or start in the folder that its paths are relative to."
                .formatted(Path.of("other.json").toAbsolutePath()));
  }
}
