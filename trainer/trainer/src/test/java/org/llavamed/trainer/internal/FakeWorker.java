package org.llavamed.trainer.internal;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.llavamed.learning.loop.Checkpoints;
import org.llavamed.learning.run.RunEvent;
import org.llavamed.learning.run.RunEvent.Evaluated;
import org.llavamed.learning.run.RunEvent.Failed;
import org.llavamed.learning.run.RunEvent.Finished;
import org.llavamed.learning.run.RunEvent.LeftOut;
import org.llavamed.learning.run.RunEvent.Saved;
import org.llavamed.learning.run.RunEvent.Started;
import org.llavamed.learning.run.RunEvent.Step;
import org.llavamed.learning.run.RunFolder;

/**
 * A worker process that computes nothing: {@value #STEPS} steps, a checkpoint every second one, a
 * model. The system property {@code fake} says what goes wrong: {@code WHAT:RANK:STEP}.
 */
public final class FakeWorker {
  static final int STEPS = 6;

  private static final int RANK = Integer.parseInt(System.getenv().getOrDefault("RANK", "0"));
  private static final String[] TROUBLE = System.getProperty("fake", "none:0:0").split(":", -1);

  private FakeWorker() {}

  /** Runs as the worker does. */
  public static void main(String[] arguments) throws Exception {
    RunFolder run = new RunFolder(Path.of(arguments[0]));
    List<String> options = Arrays.asList(arguments);
    var checkpoint = new Checkpoints(run.checkpoints(), 9).newest();
    boolean resume = options.contains("--resume") && checkpoint.isPresent();
    String from = resume ? checkpoint.orElseThrow().toString() : null;
    long done = from == null ? 0 : Long.parseLong(from.substring(from.length() - 8));
    if (TROUBLE[0].equals("start")) {
      tell(new Failed("the engine has no such class.", null));
      System.exit(1);
    }
    System.err.println("worker " + RANK + " with " + options.subList(1, options.size()));
    System.out.println("a line of a native library");
    if (RANK == 0) {
      tell(new LeftOut("no such picture", 1, List.of("p1")));
      int processes = Integer.parseInt(System.getenv("WORLD_SIZE"));
      tell(new Started(done, STEPS, 3, 12, 100, 60, "cpu", "none", processes, from));
    }
    for (long step = done + 1; step <= STEPS; step++) {
      trouble(run, step);
      if (RANK == 0) {
        step(run, step);
      }
    }
    if (RANK == 0) {
      Files.createDirectories(run.model());
      tell(new Finished(STEPS, run.model().toString(), 1));
    }
  }

  private static void step(RunFolder run, long step) throws IOException {
    tell(new Step(step, step / 3.0, 1.0 / step, 1, 0, 1e-3, 1e-4, 100, 4, 0.5, 64 << 20));
    if (step == 3) {
      tell(new Evaluated(step, 0.75, 0.5, 4));
    }
    if (step % 2 == 0) {
      save(run, step);
    }
  }

  private static void save(RunFolder run, long step) throws IOException {
    Path folder = run.checkpoints().resolve("step-%08d".formatted(step));
    Files.createDirectories(folder);
    tell(new Saved(step, folder.toString()));
  }

  private static void trouble(RunFolder run, long step) throws Exception {
    if (Integer.parseInt(TROUBLE[2]) != step) {
      return;
    }
    boolean mine = Integer.parseInt(TROUBLE[1]) == RANK;
    switch (TROUBLE[0]) {
      case "none" -> {}
      case "wait" -> endOnRequest(run, step);
      case "exit" -> endOrStand(mine, () -> Runtime.getRuntime().halt(7));
      case "kill" -> endOrStand(mine, FakeWorker::killMyself);
      case "fail" -> endOrStand(mine, FakeWorker::fail);
      case "deaf" -> {
        if (!mine) {
          Runtime.getRuntime().addShutdownHook(new Thread(FakeWorker::sleep));
        }
        endOrStand(mine, () -> Runtime.getRuntime().halt(7));
      }
      default -> throw new IllegalArgumentException(TROUBLE[0]);
    }
  }

  /** The others stand still as they do when they wait for one that is lost. */
  private static void endOrStand(boolean mine, Runnable end) {
    if (mine) {
      end.run();
    }
    sleep();
  }

  private static void killMyself() {
    try {
      String pid = Long.toString(ProcessHandle.current().pid());
      new ProcessBuilder("kill", "-9", pid).inheritIO().start().waitFor();
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void fail() {
    tell(new Failed("step 3: the loss is NaN. Lower the rates.", null));
    System.exit(1);
  }

  /** Ends the step that it is asked to end in. */
  private static void endOnRequest(RunFolder run, long step) throws InterruptedException {
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  try {
                    step(run, step);
                    save(run, step);
                    Runtime.getRuntime().halt(3);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                }));
    tell(new LeftOut("waiting", 0, List.of()));
    new CountDownLatch(1).await();
  }

  private static void sleep() {
    try {
      Thread.sleep(60_000);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void tell(RunEvent event) {
    System.out.println(event.toJson());
    System.out.flush();
  }

  /** Returns how such workers are started. */
  static WorkerJvm jvm(String trouble) {
    return new WorkerJvm(
        WorkerJvm.java(Path.of(System.getProperty("java.home"))),
        List.of(Path.of(System.getProperty("java.class.path"))),
        FakeWorker.class.getName(),
        List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx64m", "-Dfake=" + trouble),
        false,
        1);
  }
}
