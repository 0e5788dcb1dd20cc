package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.learning.TrainingException;

/** With a wrapper that notes how it is called and fetches nothing real. */
class EngineStoreTest {
  private static final Platform LINUX = Platform.of("Linux", "amd64", false);

  private static final String FETCHES =
      """
      #!/bin/sh
      echo "$@" >> "$(dirname "$0")/calls"
      for a in "$@"; do case $a in -DoutputDirectory=*) out=${a#*=};; esac; done
      echo "[INFO] Downloading from central: https://repo.example/x/pytorch-1-linux-x86_64.jar"
      for n in javacpp openblas pytorch; do : > "$out/$n-1.jar"; : > "$out/$n-1-linux-x86_64.jar"; done
      """;

  private static final String FAILS =
      """
      #!/bin/sh
      echo "[INFO] Scanning"
      echo "[ERROR] repo.example: Unknown host"
      exit 1
      """;

  @TempDir Path folder;
  private final StringWriter err = new StringWriter();
  private final ProgressDisplay progress = new ProgressDisplay(new PrintWriter(err, true), false);
  private Distribution distribution;
  private Path cache;

  @BeforeEach
  void makeADistribution() throws IOException {
    distribution = new Distribution(folder.resolve("a home"));
    Files.createDirectories(distribution.trainer());
    Files.writeString(
        distribution.enginePom(),
        "<project><parent><version>9</version></parent><version>2.1</version></project>");
    wrapper(FETCHES);
    cache = folder.resolve("cache/llavamed");
  }

  private void wrapper(String script) throws IOException {
    Files.writeString(distribution.trainer().resolve("mvnw"), script);
  }

  private EngineStore store(String configured, Map<String, String> environment) {
    return new EngineStore(configured, environment, folder.resolve("user"));
  }

  private EngineStore store() {
    return store("", Map.of("XDG_CACHE_HOME", folder.resolve("cache").toString()));
  }

  private Path calls() {
    return distribution.trainer().resolve("calls");
  }

  @Test
  void theEngineIsFetchedOnceAndSaidWithItsSizeAndPlaces() throws Exception {
    Engine engine = store().open(LINUX, distribution, progress);
    Path place = cache.resolve("engine-2.1-linux-x86_64");
    assertThat(engine.jars())
        .hasSize(6)
        .contains(place.resolve("pytorch-1-linux-x86_64.jar"), place.resolve("javacpp-1.jar"));
    assertThat(engine.natives()).isEqualTo(place.resolve("natives"));
    assertThat(err.toString())
        .contains(
            "llavamed: fetching the engine once, PyTorch 2.1 for linux-x86_64, about 113 MB from"
                + " Maven Central, to "
                + place,
            "fetching pytorch-1-linux-x86_64.jar");
    store().open(LINUX, distribution, progress);
    assertThat(calls()).content().hasLineCount(1);
    try (Stream<Path> left = Files.list(cache)) {
      assertThat(left).containsExactly(place);
    }
  }

  @Test
  void mavenIsAskedForThePlatformAndItsProfile() throws Exception {
    store().open(LINUX, distribution, progress);
    assertThat(calls())
        .content()
        .startsWith(
            "-B -f %s -Dengine.platform=linux-x86_64 -DoutputDirectory=%s/fetching-"
                .formatted(distribution.enginePom(), cache))
        .endsWith(" dependency:copy-dependencies -Pcpu\n");
    Platform gpu = Platform.of("Linux", "amd64", true);
    assertThatThrownBy(() -> store().open(gpu, distribution, progress))
        .isInstanceOf(TrainingException.class)
        .hasMessageContaining("there is no pytorch-*-linux-x86_64-gpu.jar");
    assertThat(Files.readString(calls()).lines().toList().get(1)).endsWith("-Pcuda");
    Platform windows = Platform.of("Windows 11", "amd64", false);
    assertThat(new EngineFetch(distribution, windows, cache).command(folder))
        .startsWith("cmd", "/c", distribution.trainer() + "/mvnw.cmd");
  }

  @Test
  void aMachineWithoutTheInternetIsToldWhatToDo() throws Exception {
    wrapper(FAILS);
    assertThatThrownBy(() -> store().open(LINUX, distribution, progress))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "The engine: it cannot be fetched from Maven Central (repo.example: Unknown host)."
                + " Connect this machine to the internet for once, or name a folder with the"
                + " engine's jars in LLAVAMED_ENGINE; all that Maven said stands in %s."
                    .formatted(cache.resolve("engine-fetch.log")));
    assertThat(cache.resolve("engine-fetch.log")).content().contains("Scanning");
    assertThat(cache.resolve("engine-2.1-linux-x86_64")).doesNotExist();
    wrapper(FETCHES);
    assertThat(store().open(LINUX, distribution, progress).jars()).hasSize(6);
  }

  @Test
  void anInterruptStopsMaven() throws Exception {
    wrapper("#!/bin/sh\nexec sleep 60\n");
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> store().open(LINUX, distribution, progress))
        .isInstanceOf(InterruptedException.class);
    assertThat(cache).isEmptyDirectory();
  }

  @Test
  void aFolderThatIsNamedIsTakenAsItIs() throws Exception {
    Path own = Files.createDirectories(folder.resolve("own"));
    for (String name : new String[] {"javacpp", "openblas", "pytorch"}) {
      Files.createFile(own.resolve(name + "-3-linux-x86_64.jar"));
    }
    Files.createFile(own.resolve("notes.txt"));
    assertThat(store(own.toString(), Map.of()).open(LINUX, distribution, progress).jars())
        .hasSize(3);
    var variable = Map.of("LLAVAMED_ENGINE", own.toString());
    assertThat(store("/none", variable).open(LINUX, distribution, progress).jars()).hasSize(3);
    assertThat(calls()).doesNotExist();
  }

  @Test
  void aNamedFolderWithoutTheEngineIsSaid() throws Exception {
    var variable = Map.of("LLAVAMED_ENGINE", folder.toString());
    assertThatThrownBy(() -> store("", variable).open(LINUX, distribution, progress))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "LLAVAMED_ENGINE=%s: there is no pytorch-*-linux-x86_64.jar. Put the jars there, or name no folder, so that they are fetched."
                .formatted(folder));
    assertThatThrownBy(() -> store("/no such", Map.of()).open(LINUX, distribution, progress))
        .isInstanceOf(TrainingException.class)
        .hasMessage("engineFolder=/no such: there is no such file. Check the path.");
  }

  @Test
  void withoutAnotherCacheTheHomeOfTheUserHasIt() throws Exception {
    Engine engine = store("", Map.of()).open(LINUX, distribution, progress);
    assertThat(engine.natives())
        .isEqualTo(folder.resolve("user/.cache/llavamed/engine-2.1-linux-x86_64/natives"));
  }

  @Test
  void recipesAreNamedByPathOrByTheNameThatTheyShipUnder() throws Exception {
    Path recipes = Files.createDirectories(distribution.home().resolve("recipes"));
    Path first = Files.createFile(recipes.resolve("stage1.yaml"));
    Files.createFile(recipes.resolve("stage2.yaml"));
    Path own = Files.createFile(folder.resolve("own.yaml"));
    assertThat(distribution.recipe("stage1")).isEqualTo(first);
    assertThat(distribution.recipe("stage1.yaml")).isEqualTo(first);
    assertThat(distribution.recipe(own.toString())).isEqualTo(own);
    assertThatThrownBy(() -> distribution.recipe("stage3"))
        .isInstanceOf(TrainingException.class)
        .hasMessage(
            "stage3: there is no such file. Name a recipe file, or one that ships: stage1,"
                + " stage2.");
  }
}
