package org.llavamed.learning.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.learning.loop.Tiny;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.run.RunEvent;
import org.llavamed.learning.run.RunFolder;

/** Worker processes as the supervisor starts them. */
@Timeout(180)
final class WorkerTest {
  /** Steps of 16 batches each, so that a signal arrives before all of them are done. */
  private static final Map<String, String> SLOW =
      Map.of(
          "model.dropout", "0.1",
          "batch.size", "1",
          "batch.accumulation", "16",
          "data.0.weight", "2",
          "checkpoints.every", "1");

  @TempDir Path folder;
  private final List<Process> started = new ArrayList<>();

  @BeforeEach
  void write() throws IOException {
    Tiny.write(folder);
  }

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void aRunThatIsKilledAskedToEndAndLeftAloneGoesOnBitByBit() throws Exception {
    Recipe whole = Tiny.recipe(folder, "whole", SLOW);
    List<Double> losses = Tiny.losses(Tiny.run(whole, false));
    Recipe cut = Tiny.recipe(folder, "cut", SLOW);
    RunFolder run = Tiny.folder(cut);

    Worker killed = start(run, Map.of(), false);
    killed.await(RunEvent.Saved.class, 2);
    killed.process.toHandle().destroyForcibly(); // Process.destroy closes what is read below
    assertThat(killed.end()).isEqualTo(128 + 9);

    Worker asked = start(run, Map.of(), true);
    long from = asked.await(RunEvent.Started.class, 1).step();
    assertThat(from).isBetween(1L, 3L);
    asked.await(RunEvent.Step.class, 1);
    asked.process.toHandle().destroy();
    assertThat(asked.end()).isEqualTo(WorkerMain.INTERRUPTED);

    Worker alone = start(run, Map.of(), true);
    assertThat(alone.await(RunEvent.Started.class, 1).step()).isBetween(from + 1, 4L);
    alone.process.getOutputStream().close();
    assertThat(alone.end()).isEqualTo(WorkerMain.INTERRUPTED);

    List<Double> rest = Tiny.losses(Tiny.run(cut, true));
    assertThat(rest).isNotEmpty().isEqualTo(losses.subList(6 - rest.size(), 6));
    assertThat(run.model().resolve("model.safetensors"))
        .hasSameBinaryContentAs(Tiny.folder(whole).model().resolve("model.safetensors"));
  }

  @Test
  void twoProcessesAreOneWithTwiceTheBatchAlsoWhenOneIsLostOnTheWay() throws Exception {
    Map<String, String> small = new HashMap<>(SLOW);
    small.putAll(Tiny.SLOWLY);
    small.put("model.dropout", "0");
    Map<String, String> large = new HashMap<>(small);
    large.put("batch.size", "2");
    List<Double> expected = Tiny.losses(Tiny.run(Tiny.recipe(folder, "one", large), false));
    RunFolder run = Tiny.folder(Tiny.recipe(folder, "two", small));

    int port = freePort();
    Worker first = start(run, peer(0, port), false);
    Worker second = start(run, peer(1, port), false);
    first.await(RunEvent.Step.class, 2);
    second.process.toHandle().destroyForcibly();
    assertThat(first.end()).isEqualTo(WorkerMain.FAILED);
    var failed = first.await(RunEvent.Failed.class, 1);
    assertThat(failed.message())
        .matches(
            "Process 0 of 2 lost another one during '.*'.* resume from the last checkpoint\\.");
    List<Double> losses = first.losses();
    assertThat(failed.checkpoint()).endsWith("step-%08d".formatted(losses.size()));

    port = freePort();
    first = start(run, peer(0, port), true);
    second = start(run, peer(1, port), true);
    assertThat(first.end()).isEqualTo(WorkerMain.FINISHED);
    assertThat(second.end()).isEqualTo(WorkerMain.FINISHED);
    assertThat(second.told).isEmpty();
    losses.addAll(first.losses());
    assertThat(losses).hasSize(6);
    for (int i = 0; i < 6; i++) {
      assertThat(losses.get(i)).as("loss %d", i).isCloseTo(expected.get(i), within(1e-5));
    }
    Tiny.assertCloseWeights(run, Tiny.folder(Tiny.recipe(folder, "one", large)));
  }

  @Test
  void whatIsWrongIsTold() throws Exception {
    Worker worker = start(new RunFolder(folder.resolve("none")), Map.of(), false);
    assertThat(worker.end()).isEqualTo(WorkerMain.FAILED);
    assertThat(worker.told)
        .containsExactly(
            new RunEvent.Failed(
                folder.resolve("none/recipe.yaml") + ": there is no such file. Check the path.",
                null));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private static Map<String, String> peer(int rank, int port) {
    return Map.of(
        "RANK", "" + rank,
        "LOCAL_RANK", "" + rank,
        "WORLD_SIZE", "2",
        "MASTER_ADDR", "127.0.0.1",
        "MASTER_PORT", "" + port);
  }

  private Worker start(RunFolder run, Map<String, String> variables, boolean resume)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC"));
    command.add("-Dorg.bytedeco.javacpp.maxphysicalbytes=0");
    command.add("-Dorg.bytedeco.javacpp.maxbytes=0");
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(WorkerMain.class.getName(), run.root().toString(), "--threads", "1"));
    if (resume) {
      command.add("--resume");
    }
    Path log = Files.createTempFile(folder, "worker", ".log");
    var builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().putAll(variables);
    Process process = builder.start();
    started.add(process);
    return new Worker(process, log);
  }

  /** A process and what it told. */
  private static final class Worker {
    private final Process process;
    private final Path log;
    private final BufferedReader lines;
    private final List<RunEvent> told = new ArrayList<>();

    Worker(Process process, Path log) {
      this.process = process;
      this.log = log;
      this.lines =
          new BufferedReader(
              new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Reads until an event of a kind came so often, and returns it. */
    <T extends RunEvent> T await(Class<T> kind, int times) throws IOException {
      while (Tiny.only(kind, told).size() < times) {
        String line = lines.readLine();
        if (line == null) {
          throw new AssertionError("no %s in %s%n%s".formatted(kind, told, Files.readString(log)));
        }
        RunEvent.parse(line).ifPresent(told::add);
      }
      return Tiny.only(kind, told).get(times - 1);
    }

    /** Reads the rest; returns the exit code. */
    int end() throws IOException, InterruptedException {
      lines.lines().forEach(line -> RunEvent.parse(line).ifPresent(told::add));
      assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
      return process.exitValue();
    }

    List<Double> losses() {
      return new ArrayList<>(Tiny.losses(told));
    }
  }
}
