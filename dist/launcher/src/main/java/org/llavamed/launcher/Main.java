package org.llavamed.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;

/** Entry point: runs one command inside the framework and exits with its code. */
public final class Main {
  /** How long the command service may take to appear once all bundles are started. */
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Exit code where the product itself cannot start (EX_SOFTWARE of sysexits.h). */
  private static final int CANNOT_START = 70;

  private static final String VERSION =
      Optional.ofNullable(Main.class.getPackage().getImplementationVersion()).orElse("unpackaged");

  private Main() {}

  /** Runs the command that the arguments name. */
  public static void main(String[] arguments) {
    Signals signals = new Signals();
    signals.install();
    int code;
    try (Scratch scratch = Scratch.create()) {
      Home home = Home.locate();
      prepare(home, scratch);
      code = run(home, scratch, arguments, signals);
    } catch (LaunchException e) {
      System.err.println("llavamed: " + e.getMessage());
      code = CANNOT_START;
    } catch (RuntimeException | Error e) {
      System.err.println("llavamed: internal error; please report it with these lines:");
      e.printStackTrace();
      code = CANNOT_START;
    }
    System.out.flush();
    System.exit(signals.code() != 0 ? signals.code() : code);
  }

  /** Sets what libraries read from system properties, where the user has not. */
  private static void prepare(Home home, Scratch scratch) {
    System.setProperty(Home.PROPERTY, home.folder().toString());
    home.natives().ifPresent(natives -> setDefault("onnxruntime.native.path", natives.toString()));
    setDefault("DJL_CACHE_DIR", cache(scratch).toString());
    setDefault("ai.djl.offline", "true");
    setDefault("OPT_OUT_TRACKING", "true");
    setDefault("java.awt.headless", "true");
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /**
   * Returns a folder that outlives the process, so that natives are unpacked once; else a temporary
   * one.
   */
  private static Path cache(Scratch scratch) {
    Path base =
        Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
            .filter(folder -> !folder.isBlank())
            .map(Path::of)
            .orElse(Path.of(System.getProperty("user.home", "."), ".cache"));
    Path cache = base.resolve("llavamed").resolve(VERSION);
    try {
      Files.createDirectories(cache);
      if (Files.isWritable(cache)) {
        return cache;
      }
    } catch (IOException e) {
      System.getLogger(Main.class.getName())
          .log(System.Logger.Level.DEBUG, "No cache folder {0}: {1}", cache, e.getMessage());
    }
    return scratch.folder().resolve("cache");
  }

  private static int run(Home home, Scratch scratch, String[] arguments, Signals signals) {
    try (Host host = Host.start(home, scratch.folder())) {
      ToIntFunction<String[]> commandLine = host.commandLine(PATIENCE);
      List<String> problems = StartReport.problems(host);
      say(problems);
      if (commandLine == null) {
        throw new LaunchException(
            "No bundle offers the command line (waited %d s); the reasons stand above, where there are any."
                .formatted(PATIENCE.toSeconds()));
      }
      signals.enter();
      try {
        return commandLine.applyAsInt(arguments);
      } finally {
        signals.leave();
        // Components start when they are first asked for: what failed then is said now.
        say(StartReport.problems(host).stream().filter(p -> !problems.contains(p)).toList());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LaunchException("Interrupted while the bundles started.");
    }
  }

  private static void say(List<String> problems) {
    problems.forEach(problem -> System.err.println("llavamed: " + problem));
  }
}
