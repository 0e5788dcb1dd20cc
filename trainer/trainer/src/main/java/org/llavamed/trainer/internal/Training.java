package org.llavamed.trainer.internal;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.files.FileError;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelImporter;
import org.llavamed.inference.Precisions;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.recipe.Curriculum;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.run.RunFolder;
import org.llavamed.trainer.internal.Stage.State;
import org.llavamed.trainer.internal.StageRun.Outcome;

/** Runs a curriculum, stage by stage. */
final class Training {
  /** How long another machine may take to begin a stage. */
  private static final Duration OTHER_MACHINE = Duration.ofMinutes(30);

  /**
   * What was asked for.
   *
   * @param curriculum stages
   * @param resume whether it goes on with what is there
   * @param cluster processes
   * @param export how the weights of the last stage's ONNX model are stored; empty for no such
   *     model
   */
  record Plan(
      Curriculum curriculum, boolean resume, Cluster cluster, Optional<Precisions> export) {}

  /** Starts what computes; asked for once, when everything else is known to be there. */
  @FunctionalInterface
  interface Computers {
    /** Returns how workers are started; may fetch the tensor library first. */
    WorkerJvm prepare(TrainingDisplay display) throws InterruptedException;
  }

  private final Plan plan;
  private final ModelImporter importer;
  private final TrainingDisplay display;
  private final PrintWriter out;

  Training(Plan plan, ModelImporter importer, TrainingDisplay display, PrintWriter out) {
    this.plan = plan;
    this.importer = importer;
    this.display = display;
    this.out = out;
  }

  /**
   * Runs all stages that are not complete.
   *
   * @return false where it was interrupted
   * @throws TrainingException if a folder, a file or a worker is not as it has to be
   * @throws InterruptedException if the thread is interrupted while no worker runs
   */
  boolean run(Computers computers) throws InterruptedException {
    List<Stage> stages = plan.curriculum().stages().stream().map(Stage::of).toList();
    List<Stage> open = open(stages);
    if (!open.isEmpty()) {
      WorkerJvm workers = computers.prepare(display);
      for (Stage stage : open) {
        display.println(
            "%s: training in %s".formatted(stage.recipe().name(), stage.folder().root()));
        if (run(stage, workers) == Outcome.INTERRUPTED) {
          sayHowToGoOn(stage);
          return false;
        }
      }
    }
    Stage last = stages.get(stages.size() - 1);
    if (plan.cluster().isFirst()) {
      export(last);
      print(last);
    }
    return true;
  }

  /** Returns the stages that are not complete, all checked. */
  private List<Stage> open(List<Stage> stages) {
    var open = new ArrayList<Stage>();
    var made = new ArrayList<String>();
    for (Stage stage : stages) {
      Recipe recipe = stage.recipe();
      if (stateFor(stage) == State.COMPLETE) {
        display.println("%s: complete, in %s".formatted(recipe.name(), stage.folder().root()));
      } else {
        stage.checkInputs(made);
        open.add(stage);
      }
      made.add(Path.of(recipe.out(), "model").toString());
    }
    return open;
  }

  /** The first machine makes the folder; the others find it made, now or soon. */
  private State stateFor(Stage stage) {
    if (plan.cluster().isFirst()) {
      return stage.state(plan.resume());
    }
    return plan.resume() && Files.isDirectory(stage.folder().model())
        ? State.COMPLETE
        : State.BEGUN;
  }

  private Outcome run(Stage stage, WorkerJvm jvm) throws InterruptedException {
    if (!plan.cluster().isFirst()) {
      await(stage.folder());
      return watch(stage, jvm, Optional.empty());
    }
    RunLock lock = RunLock.take(stage.folder().root());
    try {
      if (!Files.exists(stage.folder().recipe())) {
        stage.begin();
      }
      return watch(stage, jvm, Optional.of(lock));
    } finally {
      lock.release();
    }
  }

  private Outcome watch(Stage stage, WorkerJvm jvm, Optional<RunLock> lock) {
    Cluster cluster = plan.cluster();
    RunFolder folder = stage.folder();
    Map<String, String> data = cluster.isFirst() ? DataHashes.of(stage.recipe()) : Map.of();
    List<ProcessBuilder> processes = jvm.processes(folder, cluster, plan.resume());
    try (var log = new RunLog(stage, data, Clock.systemUTC(), cluster.isFirst());
        Workers workers = Workers.start(processes, cluster.rank(0), folder)) {
      lock.ifPresent(held -> held.note(workers.handles()));
      return new StageRun(stage, cluster, workers, log, display, StageRun.Patience.USUAL).watch();
    }
  }

  private void await(RunFolder folder) throws InterruptedException {
    long end = System.nanoTime() + OTHER_MACHINE.toNanos();
    while (!Files.exists(folder.recipe())) {
      display.progress().at("waiting for the first machine to make " + folder.recipe(), 0, 0);
      if (System.nanoTime() - end > 0) {
        throw TrainingException.invalid(
            folder.recipe(),
            "the first machine has not made it within %d minutes"
                .formatted(OTHER_MACHINE.toMinutes()),
            "Start the first machine too, with 'out' in a folder that all machines share");
      }
      Thread.sleep(500);
    }
  }

  private void sayHowToGoOn(Stage stage) {
    display.println(
        stage
            .lastCheckpoint()
            .map("Interrupted; the last checkpoint is %s. Go on with --resume."::formatted)
            .orElse("Interrupted before the first checkpoint. --resume begins anew."));
  }

  private void export(Stage stage) {
    if (plan.export().isEmpty()) {
      return;
    }
    RunFolder folder = stage.folder();
    if (Files.isDirectory(folder.onnx())) {
      expectPrecision(folder.onnx());
      display.println("%s is there already".formatted(folder.onnx()));
      return;
    }
    var request =
        new ImportRequest(
            folder.model(),
            Optional.empty(),
            Optional.empty(),
            folder.onnx(),
            Optional.of(stage.recipe().model().template()),
            plan.export().orElseThrow(),
            false);
    importer.importCheckpoint(request, display.progress());
    display.close();
  }

  /** An export that is there is kept; one of other weights is not taken for the one asked for. */
  private void expectPrecision(Path onnx) {
    String wanted = plan.export().orElseThrow().decoder().name().toLowerCase(Locale.ROOT);
    String found = precision(onnx);
    if (!found.equals(wanted)) {
      throw TrainingException.invalid(
          onnx,
          "it holds a model in %s, --export asks for %s".formatted(found, wanted),
          "Remove this folder, and train with --resume and --export again");
    }
  }

  private static String precision(Path onnx) {
    Path file = onnx.resolve("llavamed.json");
    try {
      return new ObjectMapper().readTree(file.toFile()).path("precision").asText();
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw TrainingException.invalid(file, error.found(), error.advice(), e);
    }
  }

  private void print(Stage stage) {
    RunFolder folder = stage.folder();
    line("model", folder.model());
    line("adapter", folder.adapter());
    line("onnx", folder.onnx());
    line("metrics", folder.metrics());
    line("events", folder.events());
    line("report", folder.report());
    out.println(ResearchMark.NOTICE);
  }

  private void line(String name, Path path) {
    if (Files.exists(path)) {
      out.println("%-8s %s".formatted(name, path));
    }
  }
}
