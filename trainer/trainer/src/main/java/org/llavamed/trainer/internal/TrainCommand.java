package org.llavamed.trainer.internal;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Command;
import org.llavamed.command.Terminal;
import org.llavamed.inference.ModelImporter;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.llavamed.learning.recipe.Curriculum;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed train}. */
@Component(scope = ServiceScope.PROTOTYPE)
@CommandLine.Command(
    name = "train",
    description =
        "Train a model as a recipe says, or several, one after the other, as a curriculum says. The"
            + " first time the engine is fetched from Maven Central: PyTorch, about 113 MB for"
            + " processors, about 490 MB with CUDA.")
public final class TrainCommand implements Command {
  /** Environment variable with further options of the workers' virtual machines. */
  private static final String JVM_OPTIONS = "LLAVAMED_WORKER_JAVA_OPTS";

  private final EngineStore engines;
  private final ModelImporter importer;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "RECIPE",
      description = "Recipe or curriculum: a YAML file, or the name of one that ships.")
  private String recipe;

  @Option(
      names = "--set",
      paramLabel = "KEY=VALUE",
      description =
          "Replace a value of the recipe, for example optimiser.epochs=9; may be given several"
              + " times.")
  private Map<String, String> settings = new LinkedHashMap<>();

  @Option(
      names = "--resume",
      description = "Go on with a run that was ended, and leave out what is complete.")
  private boolean resume;

  @Option(
      names = "--nproc",
      paramLabel = "N",
      defaultValue = "1",
      description =
          "Processes on this machine that share each step; with CUDA each has a GPU"
              + " (default: ${DEFAULT-VALUE}).")
  private int processes;

  @Option(
      names = "--nnodes",
      paramLabel = "N",
      defaultValue = "1",
      description = "Machines that train together; each starts this command (default: 1).")
  private int machines;

  @Option(
      names = "--node-rank",
      paramLabel = "N",
      defaultValue = "0",
      description = "Number of this machine, from 0. All share the folder of the run.")
  private int machine;

  @Option(
      names = "--master",
      paramLabel = "HOST:PORT",
      description = "Where machine 0 listens, as the others reach it.")
  private @Nullable String master;

  @Option(
      names = "--device",
      paramLabel = "DEVICE",
      defaultValue = "auto",
      description =
          "cpu; cuda; auto takes CUDA where an NVIDIA driver, CUDA 13, cuDNN 9 and NCCL are"
              + " installed (default: ${DEFAULT-VALUE}).")
  private String device;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "Threads of each process (default: the processors, shared out).")
  private @Nullable Integer threads;

  @Option(
      names = "--export",
      paramLabel = "PRECISION",
      arity = "0..1",
      fallbackValue = "fp32",
      description =
          "Make a model folder of the last stage's model, which the other commands take: fp32"
              + " (default), fp16, int8 or int4.")
  private @Nullable Precision export;

  /** Takes the services that have the engine and make model folders. */
  @Activate
  public TrainCommand(@Reference EngineStore engines, @Reference ModelImporter importer) {
    this.engines = engines;
    this.importer = importer;
  }

  @Override
  public Integer call() throws InterruptedException {
    Cluster cluster = cluster();
    boolean cuda = cuda();
    int shared = threads == null ? share(cluster.processes()) : threads;
    if (shared < 1) {
      throw wrong("--threads is %d, expected 1 or more".formatted(shared));
    }
    Distribution distribution = Distribution.here();
    Curriculum curriculum = Curriculum.read(distribution.recipe(recipe), settings);
    var plan =
        new Training.Plan(
            curriculum, resume, cluster, Optional.ofNullable(export).map(Precisions::of));
    try (var display = new TrainingDisplay(spec.commandLine().getErr(), Terminal.isPresent())) {
      var training = new Training(plan, importer, display, spec.commandLine().getOut());
      boolean whole =
          training.run(shows -> workers(distribution, Platform.here(cuda), shared, shows));
      return whole ? OK : SOME_INPUT_FAILED;
    }
  }

  private Cluster cluster() {
    try {
      return new Cluster(processes, machines, machine, master);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  private boolean cuda() {
    return switch (device) {
      case "auto" -> Gpus.arePresent();
      case "cuda" -> true;
      case "cpu" -> false;
      default -> throw wrong("--device is '%s', expected auto, cpu or cuda".formatted(device));
    };
  }

  private static int share(int processes) {
    return Math.max(1, Runtime.getRuntime().availableProcessors() / processes);
  }

  private WorkerJvm workers(
      Distribution distribution, Platform platform, int shared, TrainingDisplay display)
      throws InterruptedException {
    Engine engine = engines.open(platform, distribution, display.progress());
    var classPath = new ArrayList<Path>(distribution.jars());
    classPath.addAll(engine.jars());
    return new WorkerJvm(
        WorkerJvm.java(Path.of(System.getProperty("java.home"))),
        classPath,
        "org.llavamed.learning.worker.WorkerMain",
        options(engine, platform),
        platform.cuda(),
        shared);
  }

  private static List<String> options(Engine engine, Platform platform) {
    var options =
        new ArrayList<String>(
            List.of(
                "-Xmx2g",
                "-XX:+UseSerialGC",
                "-XX:MaxDirectMemorySize=256g",
                "--enable-native-access=ALL-UNNAMED",
                "-Dfile.encoding=UTF-8",
                "-Djava.awt.headless=true",
                // Else JavaCPP allows natives no more than four times the heap.
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=0",
                "-Dorg.bytedeco.javacpp.maxbytes=0",
                "-Dorg.bytedeco.javacpp.cachedir=" + engine.natives(),
                "-Dorg.bytedeco.javacpp.platform.extension=" + (platform.cuda() ? "-gpu" : "")));
    for (String name : List.of("DJL_CACHE_DIR", "ai.djl.offline", "OPT_OUT_TRACKING")) {
      String value = System.getProperty(name);
      if (value != null) {
        options.add("-D%s=%s".formatted(name, value));
      }
    }
    String further = System.getenv().getOrDefault(JVM_OPTIONS, "").strip();
    if (!further.isEmpty()) {
      options.addAll(List.of(further.split("\\s+")));
    }
    return options;
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
