package org.llavamed.learning.worker;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.llavamed.command.Explained;
import org.llavamed.engine.Engine;
import org.llavamed.engine.EngineException;
import org.llavamed.engine.Engines;
import org.llavamed.engine.LostPeerException;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.imaging.ImagingException;
import org.llavamed.inference.ModelException;
import org.llavamed.learning.loop.Alone;
import org.llavamed.learning.loop.Checkpoints;
import org.llavamed.learning.loop.Outcome;
import org.llavamed.learning.loop.Training;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.recipe.RecipeReader;
import org.llavamed.learning.run.RunEvent;
import org.llavamed.learning.run.RunFolder;

/**
 * A process that trains; {@link WorkerArguments} says how it is started. It reads the recipe of the
 * folder of the run, writes {@link RunEvent}s to its standard output, a line each, and a log to its
 * standard error. Exit codes: {@value #FINISHED} with a model; {@value #FAILED} after an event that
 * says why; {@value #INTERRUPTED} when it was asked to end by SIGTERM, SIGINT or the end of its
 * standard input, with a checkpoint where a step was done.
 */
public final class WorkerMain {
  /** Exit code of a run whose model is written. */
  public static final int FINISHED = 0;

  /** Exit code of a run that failed. */
  public static final int FAILED = 1;

  /** Exit code of a run that was asked to end. */
  public static final int INTERRUPTED = 3;

  private final PrintStream events;
  private final Interruption interruption;
  private Optional<Checkpoints> checkpoints = Optional.empty();

  private WorkerMain(PrintStream events, Interruption interruption) {
    this.events = events;
    this.interruption = interruption;
  }

  /** Trains. */
  public static void main(String[] arguments) {
    var events =
        new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
    System.setOut(System.err);
    var interruption = new Interruption();
    interruption.watch(System.in);
    var worker = new WorkerMain(events, interruption);
    int code = FAILED;
    try {
      code = worker.run(arguments, System.getenv());
    } finally {
      interruption.exit(code);
    }
  }

  private int run(String[] arguments, Map<String, String> environment) {
    try {
      return train(WorkerArguments.parse(arguments, environment)) == Outcome.FINISHED
          ? FINISHED
          : INTERRUPTED;
    } catch (LostPeerException e) {
      e.printStackTrace();
      if (interruption.getAsBoolean()) {
        return INTERRUPTED; // the other one was asked too, and ended first
      }
      return fail(String.valueOf(e.getMessage()));
    } catch (OutOfMemoryError e) {
      e.printStackTrace();
      return fail(
          "The worker's memory does not suffice (%s). Take smaller batches or less accumulation, or give it more by LLAVAMED_WORKER_JAVA_OPTS=-Xmx8g."
              .formatted(e.getMessage()));
    } catch (Error e) {
      e.printStackTrace();
      return fail("The worker cannot run: %s. Look into its log.".formatted(e));
    } catch (RuntimeException e) {
      e.printStackTrace();
      return fail(
          isExplained(e)
              ? String.valueOf(e.getMessage())
              : "An unexpected error: %s. Look into the log of the worker.".formatted(e));
    }
  }

  private static boolean isExplained(RuntimeException e) {
    return e instanceof Explained
        || e instanceof EngineException
        || e instanceof ModelException
        || e instanceof ImagingException;
  }

  private Outcome train(WorkerArguments arguments) {
    RunFolder folder = arguments.folder();
    Recipe recipe = new RecipeReader().read(folder.recipe(), Map.of());
    checkpoints = Optional.of(new Checkpoints(folder.checkpoints(), recipe.checkpoints().keep()));
    Engine engine = Engines.open(arguments.device());
    arguments.threads().ifPresent(engine::threads);
    try (ProcessGroup group = arguments.rendezvous().map(engine::join).orElseGet(Alone::new)) {
      return new Training(recipe, folder, engine, group, this::tell, interruption)
          .run(arguments.resume());
    }
  }

  /** One write a line, so that what natives print comes between lines. */
  private void tell(RunEvent event) {
    events.print(event.toJson() + "\n");
    events.flush();
  }

  private int fail(String message) {
    String checkpoint = checkpoints.flatMap(Checkpoints::newest).map(Path::toString).orElse(null);
    tell(new RunEvent.Failed(message, checkpoint));
    return FAILED;
  }
}
