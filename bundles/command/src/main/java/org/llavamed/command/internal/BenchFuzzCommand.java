package org.llavamed.command.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.command.internal.FuzzRun.Result;
import org.llavamed.files.FileError;
import org.llavamed.fuzz.FuzzTarget;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code llavamed bench fuzz}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=bench")
@CommandLine.Command(
    name = "fuzz",
    description = {
      "Give damaged inputs to everything that reads bytes from outside, and print JSON.",
      "An input is at fault that gives anything but a named error, takes longer than --slowest, or"
          + " more memory than it may; it is written to a file, and the exit code is 1."
    })
public final class BenchFuzzCommand implements Command {
  private static final long GRACE_SECONDS = 2;

  private final List<FuzzTarget> targets;

  @Spec private CommandSpec spec;

  @Option(
      names = "--target",
      paramLabel = "NAME",
      description = "Try this one; may be given several times (default: all, one after the other).")
  private List<String> names = List.of();

  @Option(
      names = "--seconds",
      paramLabel = "N",
      defaultValue = "60",
      description = "How long each is tried (default: ${DEFAULT-VALUE}).")
  private int seconds;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "1",
      description = "The same seed makes the same inputs (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--slowest",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "The longest that one input may take (default: ${DEFAULT-VALUE}).")
  private int slowest;

  @Option(
      names = "--faults",
      paramLabel = "DIR",
      defaultValue = "llavamed-fuzz",
      description = "Where inputs at fault are written (default: ./${DEFAULT-VALUE}).")
  private Path faults;

  /** Takes what is tried. */
  @Activate
  public BenchFuzzCommand(@Reference List<FuzzTarget> targets) {
    this.targets = targets.stream().sorted(Comparator.comparing(FuzzTarget::name)).toList();
  }

  /**
   * What is printed.
   *
   * @param seed of the inputs
   * @param targets what came out, by name
   */
  record Output(long seed, List<Result> targets, String notice) {}

  @Override
  public Integer call() {
    List<FuzzTarget> chosen = chosen();
    // What the readers put up with in damaged inputs they log, by the thousand.
    Logger ours = Logger.getLogger("org.llavamed");
    Level before = ours.getLevel();
    ours.setLevel(Level.SEVERE);
    try {
      return run(chosen);
    } finally {
      ours.setLevel(before);
    }
  }

  private int run(List<FuzzTarget> chosen) {
    var results = new ArrayList<Result>();
    try (var progress = new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent())) {
      for (FuzzTarget target : chosen) {
        if (!Thread.currentThread().isInterrupted()) {
          progress.at("trying " + target.name(), results.size(), chosen.size());
          results.add(run(target, progress));
        }
      }
    }
    Json.print(spec.commandLine().getOut(), new Output(seed, results, ResearchMark.NOTICE));
    boolean sound = results.stream().allMatch(result -> result.findings().isEmpty());
    return sound && results.size() == chosen.size() ? OK : SOME_INPUT_FAILED;
  }

  private List<FuzzTarget> chosen() {
    List<String> known = targets.stream().map(FuzzTarget::name).toList();
    for (String name : names) {
      if (!known.contains(name)) {
        throw new ParameterException(
            spec.commandLine(),
            "--target %s: no such target, expected one of %s".formatted(name, known));
      }
    }
    if (seconds < 1 || slowest < 1) {
      throw new ParameterException(
          spec.commandLine(), "--seconds and --slowest have to be 1 or more");
    }
    return targets.stream()
        .filter(target -> names.isEmpty() || names.contains(target.name()))
        .toList();
  }

  private Result run(FuzzTarget target, ProgressDisplay progress) {
    var run =
        new FuzzRun(
            target,
            Duration.ofSeconds(slowest),
            (what, input) -> progress.println(what + "; the input is " + write(target, input)));
    ExecutorService worker =
        Executors.newSingleThreadExecutor(
            task -> {
              var thread = new Thread(task, "fuzz " + target.name());
              thread.setDaemon(true);
              return thread;
            });
    try {
      return await(run, worker.submit(() -> run.run(seed, Duration.ofSeconds(seconds))), target);
    } finally {
      worker.shutdownNow();
    }
  }

  /** Waits for the run, or until one input takes so long that it may never end. */
  private Result await(FuzzRun run, Future<Result> future, FuzzTarget target) {
    long wait = 1;
    while (true) {
      try {
        return future.get(wait, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        var stuck = run.stuck();
        if (stuck.isPresent() && wait == GRACE_SECONDS) {
          future.cancel(true);
          return hung(target, stuck.get());
        }
        wait = stuck.isPresent() ? GRACE_SECONDS : 1;
      } catch (InterruptedException e) {
        future.cancel(true);
        Thread.currentThread().interrupt();
        return new Result(target.name(), 0, 0, 0, 0, 0, List.of("interrupted"));
      } catch (ExecutionException e) {
        throw new IllegalStateException("The run of " + target.name() + " failed", e.getCause());
      }
    }
  }

  private Result hung(FuzzTarget target, byte[] input) {
    String what = "an input was not read within %d s: %s".formatted(slowest, write(target, input));
    return new Result(target.name(), 0, 0, 0, slowest * 1000L, 0, List.of(what));
  }

  private Path write(FuzzTarget target, byte[] input) {
    try {
      String hash =
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(input), 0, 8);
      Files.createDirectories(faults);
      return Files.write(faults.resolve("%s-%s.bin".formatted(target.name(), hash)), input);
    } catch (IOException e) {
      throw new ParameterException(
          spec.commandLine(), "--faults %s: %s".formatted(faults, FileError.writing(faults, e)), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java has SHA-256", e);
    }
  }
}
