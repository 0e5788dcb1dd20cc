package org.llavamed.learning.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.engine.Device;
import org.llavamed.engine.Rendezvous;
import org.llavamed.learning.TrainingException;

final class WorkerArgumentsTest {
  @Test
  void aFolderIsEnough() {
    WorkerArguments arguments = parse("runs/a", Map.of());
    assertThat(arguments.folder().root()).isEqualTo(Path.of("runs/a"));
    assertThat(arguments.resume()).isFalse();
    assertThat(arguments.device()).isEqualTo(Device.CPU);
    assertThat(arguments.threads()).isEmpty();
    assertThat(arguments.rendezvous()).isEmpty();
  }

  @Test
  void everythingCanBeSaid() {
    WorkerArguments arguments =
        parse(
            "runs/a --resume --device cuda --threads 3",
            Map.of(
                "RANK", "5",
                "WORLD_SIZE", "8",
                "LOCAL_RANK", "1",
                "MASTER_ADDR", "localhost",
                "MASTER_PORT", "29500"));
    assertThat(arguments.resume()).isTrue();
    assertThat(arguments.device()).isEqualTo(new Device(Device.Kind.CUDA, 1));
    assertThat(arguments.threads()).isEqualTo(OptionalInt.of(3));
    assertThat(arguments.rendezvous())
        .contains(new Rendezvous("localhost", 29500, 5, 8, "127.0.0.1", Duration.ofMinutes(30)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--resume | | arguments of the worker: the folder of the run is missing. Start it as",
        "r --fast | | arguments of the worker: '--fast' is unknown. Start it as RUN_FOLDER [--res",
        "r --threads | | arguments of the worker: --threads has no value. Start it as RUN_FOLDER",
        "r --threads 0 | | --threads: it is '0', expected 1 to 4096. Give such a number.",
        "r --device tpu | | device 'tpu': it is unknown. Write cpu, cuda or cuda:N",
        "r | WORLD_SIZE=2 | RANK: it is not set, but WORLD_SIZE is. Set RANK, WORLD_SIZE, MASTER",
        "r | WORLD_SIZE=2,RANK=2 | RANK: it is '2', expected 0 to 1. Give such a number.",
        "r | WORLD_SIZE=two | WORLD_SIZE: it is 'two', expected 1 to 65536. Give such a number.",
      })
  void whatIsWrongIsNamed(String arguments, String environment, String message) {
    assertThatThrownBy(() -> parse(arguments, variables(environment)))
        .hasMessageStartingWith(message);
  }

  @Test
  void anUnknownHostIsNamed() {
    Map<String, String> environment =
        variables("WORLD_SIZE=2,RANK=1,MASTER_PORT=1,MASTER_ADDR=nowhere.invalid");
    assertThatThrownBy(() -> parse("r", environment))
        .isInstanceOf(TrainingException.class)
        .hasMessageStartingWith("MASTER_ADDR: there is no way to 'nowhere.invalid' (");
  }

  private static WorkerArguments parse(String arguments, Map<String, String> environment) {
    return WorkerArguments.parse(arguments.split(" "), environment);
  }

  private static Map<String, String> variables(String text) {
    return text == null
        ? Map.of()
        : Arrays.stream(text.split(","))
            .map(pair -> pair.split("="))
            .collect(Collectors.toMap(pair -> pair[0], pair -> pair[1]));
  }
}
