package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class ExitTest {
  @RepeatedTest(3)
  void exitingDuringAnAnswerDoesNotCrash() throws IOException, InterruptedException {
    exitsWhileAsking(List.of());
  }

  @Test
  void aLongCommandLineDoesNotCrash() throws IOException, InterruptedException {
    exitsWhileAsking(
        IntStream.range(0, 5000)
            .mapToObj("/studies/of/a/day/picture-%04d.dcm"::formatted)
            .toList());
  }

  private static void exitsWhileAsking(List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-XX:-CreateCoredumpOnCrash");
    command.add("-XX:ErrorFile=target/exit-%p.log");
    command.add("-cp");
    command.add(
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
    command.add(EndlessQuestions.class.getName());
    command.addAll(arguments);
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(output).isEqualTo(7);
  }
}
