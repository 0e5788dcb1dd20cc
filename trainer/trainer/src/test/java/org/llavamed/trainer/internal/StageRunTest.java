package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.recipe.RecipeReader;
import org.llavamed.trainer.internal.StageRun.Patience;

@Timeout(60)
class StageRunTest {
  @TempDir Path folder;

  private Stage stage() throws Exception {
    Path file =
        Files.writeString(
            folder.resolve("r.yaml"),
            "name: r\nout: %s/run\nmodel: {folder: m}\nrates: {decoder: 1}\ndata: [{file: f, pictures: p}]\n"
                .formatted(folder));
    Recipe recipe = new RecipeReader().read(file, Map.of());
    return Stage.of(recipe);
  }

  @Test
  void aWorkerThatDoesNotEndWithTheOthersIsKilled() throws Exception {
    Stage stage = stage();
    Cluster cluster = new Cluster(2, 1, 0, null);
    var patience = new Patience(Duration.ofMillis(100), Duration.ofMillis(300));
    List<ProcessBuilder> builders =
        FakeWorker.jvm("deaf:1:2").processes(stage.folder(), cluster, false);
    try (Workers workers = Workers.start(builders, 0, stage.folder());
        var log = new RunLog(stage, Map.of(), Clock.systemUTC(), true);
        var display = new TrainingDisplay(new PrintWriter(new StringWriter()), false)) {
      var run = new StageRun(stage, cluster, workers, log, display, patience);
      assertThatThrownBy(run::watch)
          .isInstanceOf(TrainingException.class)
          .hasMessageContaining("worker 1 of 2 ended with exit code 7 ");
      assertThat(workers.running()).isZero();
    }
  }

  @Test
  void aJavaThatIsNotThereIsSaid() throws Exception {
    Stage stage = stage();
    assertThatThrownBy(
            () ->
                Workers.start(
                    List.of(new ProcessBuilder(folder + "/none/java")), 0, stage.folder()))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining(folder + "/run: a worker process cannot be started (Cannot run")
        .hasMessageEndingWith("Check the Java that runs this, and the rights of the folder.");
  }

  @Test
  void anEndIsToldInWords() {
    assertThat(End.of(1)).isEqualTo("ended with exit code 1");
    assertThat(End.of(134)).isEqualTo("was ended by signal 6 (SIGABRT)");
    assertThat(End.of(150)).isEqualTo("was ended by signal 22 (a signal without a name here)");
  }

  @Test
  void aWorkerKnowsWhereItTrainsAndWithHowManyThreads() throws Exception {
    var jvm =
        new WorkerJvm(
            Path.of("java"),
            List.of(Path.of("a.jar"), Path.of("b.jar")),
            "Main",
            List.of("-X"),
            true,
            3);
    ProcessBuilder second =
        jvm.processes(stage().folder(), new Cluster(2, 1, 0, null), true).get(1);
    assertThat(second.command())
        .containsExactly(
            "java",
            "-X",
            "-XX:ErrorFile=" + folder.resolve("run/logs/crash-%p.log"),
            "-cp",
            "a.jar:b.jar",
            "Main",
            folder + "/run",
            "--resume",
            "--device",
            "cuda:1",
            "--threads",
            "3");
    assertThat(second.environment())
        .containsEntry("OMP_WAIT_POLICY", "passive")
        .containsEntry("TORCH_NCCL_BLOCKING_WAIT", "1")
        .containsEntry("OMP_NUM_THREADS", "3")
        .containsEntry("OPENBLAS_NUM_THREADS", "3")
        .containsEntry("LOCAL_RANK", "1");
  }
}
