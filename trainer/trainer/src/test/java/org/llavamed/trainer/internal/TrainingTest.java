package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelImporter;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.recipe.Curriculum;
import org.llavamed.trainer.internal.Training.Plan;

/** Runs of training with worker processes that compute nothing. */
@Timeout(60)
class TrainingTest {
  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private final StringWriter out = new StringWriter();
  private final List<ImportRequest> imports = new ArrayList<>();
  private Path recipe;
  private Path run;

  private final ModelImporter importer =
      (request, progress) -> {
        imports.add(request);
        return new ModelCard("m", "1", "0".repeat(64), "fp32", "plain", "p", "l", "s");
      };

  @BeforeEach
  void writeARecipe() throws IOException {
    Files.writeString(folder.resolve("train.json"), "[]");
    Files.createDirectories(folder.resolve("images"));
    Files.createDirectories(folder.resolve("start"));
    run = folder.resolve("run");
    recipe = recipe("tiny", run, folder.resolve("start"));
  }

  private Path recipe(String name, Path out, Path start) throws IOException {
    return Files.writeString(
        folder.resolve(name + ".yaml"),
        """
        name: %s
        out: %s
        model: {folder: %s, template: vicuna_v1}
        rates: {projector: 1e-3}
        data:
          - {file: %s, pictures: %s}
        """
            .formatted(name, out, start, folder.resolve("train.json"), folder.resolve("images")));
  }

  private boolean train(String trouble, boolean resume, int processes) throws InterruptedException {
    return train(trouble, resume, new Cluster(processes, 1, 0, null), Optional.empty());
  }

  private boolean train(
      String trouble, boolean resume, Cluster cluster, Optional<Precisions> export)
      throws InterruptedException {
    var plan = new Plan(Curriculum.read(recipe, Map.of()), resume, cluster, export);
    try (var display = new TrainingDisplay(new PrintWriter(err, true), false)) {
      return new Training(plan, importer, display, new PrintWriter(out, true))
          .run(shows -> FakeWorker.jvm(trouble));
    }
  }

  private List<String> steps() throws IOException {
    return Files.readAllLines(run.resolve("metrics.csv")).stream()
        .skip(1)
        .map(line -> line.substring(0, line.indexOf(',')))
        .toList();
  }

  private String report() throws IOException {
    return Files.readString(run.resolve("report.html"));
  }

  @Test
  void aRunLeavesItsRecipeItsCurvesAndAReport() throws Exception {
    assertThat(train("none:0:0", false, 1)).isTrue();
    assertThat(steps()).containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(run.resolve("recipe.yaml")).content().contains("name: \"tiny\"", "epsilon:");
    assertThat(run.resolve("events")).isDirectoryContaining("glob:**tfevents*");
    assertThat(report())
        .contains(ResearchMark.NOTICE, "Finished after step 6.", "<svg", "no such picture");
    assertThat(run.resolve("logs/worker-0.log"))
        .content()
        .contains("worker 0 with [--device, cpu, --threads, 1]", "a line of a native library");
    assertThat(err.toString()).contains("step 6 of 6", "step 3: validation loss 0.7500");
    assertThat(out.toString())
        .contains("model    " + run.resolve("model"), "report ", ResearchMark.NOTICE)
        .doesNotContain("onnx", "adapter");
  }

  @Test
  void processesOfOneRunKnowTheirNumbers() throws Exception {
    assertThat(train("none:0:0", false, 2)).isTrue();
    assertThat(run.resolve("logs/worker-1.log")).content().contains("worker 1 with");
    assertThat(err.toString()).contains("2 processes");
  }

  @Test
  void aRunThatIsThereIsNotBegunAgain() throws Exception {
    train("none:0:0", false, 1);
    assertThatThrownBy(() -> train("none:0:0", false, 1))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            run + ": a finished run lies there. Set another folder ('out'), or remove this one.");
    assertThat(train("none:0:0", true, 1)).isTrue();
    assertThat(err.toString()).contains("tiny: complete, in " + run);
  }

  @Test
  void aWorkerThatDiesIsNamedAndTheRunGoesOnFromItsCheckpoint() throws Exception {
    assertThatThrownBy(() -> train("kill:1:4", false, 2))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "%s: worker 1 of 2 was ended by signal 9 (SIGKILL, as the system does where memory runs out) after step 3. The last checkpoint is %s; --resume goes on from it."
                .formatted(run, run.resolve("checkpoints/step-00000002")));
    assertThat(err.toString()).contains("The last lines of " + run, "  | worker 1 with");
    assertThat(steps()).containsExactly("1", "2", "3");
    assertThat(report()).contains("Failed after step 3: " + run);
    assertThatThrownBy(() -> train("none:0:0", false, 2))
        .hasMessage(
            run
                + ": a run lies there that is not finished. Add --resume to go on with it, set"
                + " another folder ('out'), or remove this one.");
    assertThat(train("none:0:0", true, 2)).isTrue();
    assertThat(steps()).containsExactly("1", "2", "3", "4", "5", "6");
    assertThat(err.toString()).contains("from step 2 of 6");
    assertThat(report()).contains("step-00000002");
  }

  @Test
  void aWorkerThatFailsIsQuoted() {
    assertThatThrownBy(() -> train("fail:0:1", false, 1))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            run
                + ": worker 0 of 1 failed: step 3: the loss is NaN. Lower the rates. There is no"
                + " checkpoint yet; --resume begins anew.");
  }

  @Test
  void anInterruptWaitsForTheCheckpointAndTheRunGoesOnFromIt() throws Exception {
    var result = new CompletableFuture<Boolean>();
    var thread =
        new Thread(
            () -> {
              try {
                result.complete(train("wait:0:5", false, 1));
              } catch (InterruptedException | RuntimeException | Error e) {
                result.completeExceptionally(e);
              }
            });
    thread.start();
    while (!err.toString().contains("waiting") && thread.isAlive()) {
      Thread.sleep(20);
    }
    thread.interrupt();
    assertThat(result.get()).isFalse();
    assertThat(err.toString())
        .contains(
            "the last checkpoint is being written",
            "Interrupted; the last checkpoint is "
                + run.resolve("checkpoints/step-00000005")
                + ". Go on with --resume.");
    assertThat(report()).contains("Interrupted after step 5; --resume goes on.");
    assertThat(out.toString()).isEmpty();
    assertThat(train("none:0:0", true, 1)).isTrue();
    assertThat(steps()).containsExactly("1", "2", "3", "4", "5", "6");
  }

  @Test
  void whatFailsBeforeItStartsLeavesTheReportAsItIs() throws Exception {
    assertThatThrownBy(() -> train("exit:0:3", false, 1)).hasMessageContaining("after step 2");
    String before = report();
    assertThatThrownBy(() -> train("start:0:0", true, 1)).hasMessageContaining("no such class");
    assertThat(report()).isEqualTo(before).contains("Failed after step 2");
  }

  @Test
  void aRunGoesOnWithTheSameRecipeAlone() throws Exception {
    assertThatThrownBy(() -> train("exit:0:3", false, 1)).hasMessageContaining("exit code 7");
    Files.writeString(recipe, Files.readString(recipe).replace("1e-3", "1e-4"));
    assertThatThrownBy(() -> train("none:0:0", true, 1))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            run.resolve("recipe.yaml")
                + ": the run was begun with another recipe: rates.projector was 0.001 and is"
                + " 1.0E-4. Go on with the recipe that it was begun with, or set another folder"
                + " ('out').");
  }

  @Test
  void aFolderThatHoldsSomethingElseIsNotWrittenTo() throws Exception {
    Files.createDirectories(run);
    Files.writeString(run.resolve("thesis.txt"), "x");
    assertThatThrownBy(() -> train("none:0:0", false, 1))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            run
                + ": it is not empty and holds no run of training. Set another folder ('out'), or"
                + " empty this one.");
    assertThat(run).isDirectoryNotContaining("glob:**recipe.yaml");
  }

  @Test
  void twoDoNotTrainInOneFolder() throws Exception {
    RunLock lock = RunLock.take(run);
    try {
      assertThatThrownBy(() -> train("none:0:0", false, 1))
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              run + ": another process trains there. Wait for its end, or set another 'out'.");
    } finally {
      lock.release();
    }
    assertThat(train("none:0:0", false, 1)).isTrue();
  }

  @Test
  void aWorkerThatOutlivedItsCommandIsWaitedFor() throws Exception {
    Process worker = new ProcessBuilder("sleep", "60").start();
    RunLock lock = RunLock.take(run);
    lock.note(List.of(worker.toHandle()));
    lock.release();
    assertThatThrownBy(() -> RunLock.take(run))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "%s: the worker process %d of a command that was ended still writes there. Wait until it has ended."
                .formatted(run, worker.pid()));
    worker.destroyForcibly().waitFor();
    RunLock.take(run).release();
  }

  @Test
  void whatTheRecipeNamesIsLookedForBeforeAnythingIsFetched() throws Exception {
    Files.delete(folder.resolve("train.json"));
    var plan = new Plan(Curriculum.read(recipe, Map.of()), false, Cluster.SINGLE, Optional.empty());
    try (var display = new TrainingDisplay(new PrintWriter(err, true), false)) {
      var training = new Training(plan, importer, display, new PrintWriter(out, true));
      assertThatThrownBy(
              () ->
                  training.run(
                      shows -> {
                        throw new AssertionError("fetched");
                      }))
          .isInstanceOf(TrainingException.class)
          .hasMessage(
              "tiny, key data: there is no file %s. Correct the recipe, or start in the folder that its paths are relative to."
                  .formatted(folder.resolve("train.json")));
    }
    assertThat(run).doesNotExist();
  }

  @Test
  void aCurriculumGoesOnWithItsFirstStageThatIsNotComplete() throws Exception {
    recipe("first", folder.resolve("run1"), folder.resolve("start"));
    recipe("second", run, folder.resolve("elsewhere"));
    recipe =
        Files.writeString(
            folder.resolve("both.yaml"),
            "name: both\nstages:\n  - recipe: first.yaml\n  - recipe: second.yaml\n");
    assertThat(train("none:0:0", false, 1)).isTrue();
    assertThat(run.resolve("recipe.yaml")).content().contains(folder + "/run1/model");
    Files.delete(run.resolve("model"));
    err.getBuffer().setLength(0);
    assertThat(train("none:0:0", true, 1)).isTrue();
    assertThat(err.toString())
        .contains("first: complete, in", "second: training in", "from step 6 of 6");
  }

  @Test
  void theLastModelIsExportedWithTheTemplateThatItWasTrainedWith() throws Exception {
    Precisions int8 = Precisions.of(Precision.INT8);
    assertThat(train("none:0:0", false, Cluster.SINGLE, Optional.of(int8))).isTrue();
    assertThat(imports)
        .containsExactly(
            new ImportRequest(
                run.resolve("model"),
                Optional.empty(),
                Optional.empty(),
                run.resolve("onnx"),
                Optional.of("vicuna_v1"),
                int8,
                false));
    Files.createDirectories(run.resolve("onnx"));
    Files.writeString(run.resolve("onnx/llavamed.json"), "{\"precision\": \"int8\"}");
    train("none:0:0", true, Cluster.SINGLE, Optional.of(int8));
    assertThat(imports).hasSize(1);
    assertThatThrownBy(
            () ->
                train("none:0:0", true, Cluster.SINGLE, Optional.of(Precisions.of(Precision.FP32))))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("it holds a model in int8, --export asks for fp32");
    assertThat(out.toString()).contains("onnx     " + run.resolve("onnx"));
  }

  @Test
  void anotherMachineThanTheFirstWritesNoFilesOfTheRun() throws Exception {
    var second = new Cluster(1, 2, 1, "127.0.0.1:29500");
    Files.createDirectories(run);
    Files.writeString(run.resolve("recipe.yaml"), "");
    assertThat(train("none:0:0", false, second, Optional.of(Precisions.of(Precision.FP32))))
        .isTrue();
    assertThat(run.resolve("logs/worker-1.log")).content().contains("worker 1 with");
    assertThat(run.resolve("report.html")).doesNotExist();
    assertThat(run.resolve("metrics.csv")).doesNotExist();
    assertThat(imports).isEmpty();
  }
}
