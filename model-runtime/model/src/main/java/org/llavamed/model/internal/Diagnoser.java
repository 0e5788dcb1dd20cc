package org.llavamed.model.internal;

import ai.onnxruntime.OrtEnvironment;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Diagnosis;
import org.llavamed.inference.ModelException;

/** Finds out what the machine has, what a model needs and whether it runs. Used once. */
final class Diagnoser {
  private static final String MOST_BUFFERS = "-XX:MaxDirectMemorySize=";

  private final ModelSettings settings;
  private final Machine machine;
  private final Supplier<Backend> backend;
  private final Set<String> problems = new LinkedHashSet<>();
  private final List<String> remarks = new ArrayList<>();

  /**
   * Makes a diagnoser.
   *
   * @param backend says what graphs run on; throws where what is asked for cannot be used
   */
  Diagnoser(ModelSettings settings, Machine machine, Supplier<Backend> backend) {
    this.settings = settings;
    this.machine = machine;
    this.backend = backend;
  }

  Diagnosis diagnose(Path path) {
    Backend found = backend();
    Diagnosis.Engine engine = engine(found);
    Optional<Diagnosis.Model> model = Optional.empty();
    try {
      ModelFolder folder = ModelFolder.verify(path);
      if (found != null) {
        model = Optional.of(model(folder, new ModelOpener(settings, machine, found)));
      }
    } catch (ModelException e) {
      problems.add(String.valueOf(e.getMessage()));
    }
    if (!machine.memory().known()) {
      remarks.add("The operating system does not tell its memory: no model is refused for it.");
    }
    return new Diagnosis(machine(), engine, model, List.copyOf(problems), remarks);
  }

  private @Nullable Backend backend() {
    try {
      Backend found = backend.get();
      if (found.surprising() && !found.cuda()) {
        remarks.add("Models run on " + found.reason() + ".");
      }
      return found;
    } catch (ModelException e) {
      problems.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  private Diagnosis.Engine engine(@Nullable Backend found) {
    String version = "";
    List<String> providers = List.of();
    try {
      version = Onnx.environment().getVersion();
      providers = OrtEnvironment.getAvailableProviders().stream().map(Enum::name).sorted().toList();
    } catch (ModelException e) {
      remarks.add("ONNX Runtime tells neither its version nor its providers.");
    }
    return new Diagnosis.Engine(
        "ONNX Runtime",
        version,
        providers,
        found == null ? "nothing: see the problems" : found.reason(),
        settings.threads(),
        settings.spinMicroseconds());
  }

  private Diagnosis.Machine machine() {
    Memory memory = machine.memory();
    return new Diagnosis.Machine(
        machine.processor(),
        machine.features(),
        machine.processors(),
        machine.cores(),
        memory.known() ? memory.total() : -1,
        memory.known() ? memory.available() : -1,
        Runtime.getRuntime().maxMemory(),
        bufferBytes(ManagementFactory.getRuntimeMXBean().getInputArguments()),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
  }

  /** Returns the most bytes of buffers outside of the heap; as large as the heap if not stated. */
  static long bufferBytes(List<String> arguments) {
    long bytes = Runtime.getRuntime().maxMemory();
    for (String argument : arguments) {
      if (argument.startsWith(MOST_BUFFERS)) {
        bytes = bytes(argument.substring(MOST_BUFFERS.length()), bytes);
      }
    }
    return bytes;
  }

  private static long bytes(String text, long otherwise) {
    if (!text.matches("[0-9]{1,15}[kKmMgGtT]?")) {
      return otherwise;
    }
    int unit = "kmgt".indexOf(Character.toLowerCase(text.charAt(text.length() - 1)));
    long number = Long.parseLong(unit < 0 ? text : text.substring(0, text.length() - 1));
    return number << (10 * (unit + 1));
  }

  private Diagnosis.Model model(ModelFolder folder, ModelOpener opener) {
    GraphChoice choice = choice(opener.planner(folder, machine.memory()));
    MemoryNeed need = opener.need(folder, choice);
    check(folder, need);
    Map<String, String> graphs = new TreeMap<>();
    choice.vision().ifPresent(name -> graphs.put("vision", name));
    graphs.put("prefill", choice.prefill().name());
    graphs.put("decode", choice.step().name());
    return new Diagnosis.Model(
        folder.card(),
        folder.description().files().size(),
        folder.bytes(),
        new Diagnosis.Need(
            need.weights(),
            need.cachePerPosition() * 1000,
            need.positions(),
            need.peak(),
            need.fits(machine.memory())),
        graphs,
        choice.reason(),
        choice.measurements(),
        folder.selfCheck());
  }

  /** Measures where that has not been done; a graph that cannot be run is a problem. */
  private GraphChoice choice(GraphPlanner planner) {
    try {
      return planner.plan();
    } catch (ModelException e) {
      problems.add(String.valueOf(e.getMessage()));
      return planner.known();
    }
  }

  private void check(ModelFolder folder, MemoryNeed need) {
    need.obstacle(machine.memory())
        .ifPresent(
            obstacle -> {
              String sentence = ModelOpener.refused(folder, obstacle).getMessage();
              if (settings.sessions().ignoreMemoryCheck()) {
                remarks.add(sentence + " It is loaded all the same, as configured.");
              } else {
                problems.add(String.valueOf(sentence));
              }
            });
    long most = bufferBytes(ManagementFactory.getRuntimeMXBean().getInputArguments());
    if (need.cache() > most) {
      problems.add(
          "%s: its key-value cache of %d positions needs %s outside of the Java heap, Java may take %s. Set mostPositions lower in conf/org.llavamed.model.cfg, or start Java with a larger -XX:MaxDirectMemorySize."
              .formatted(
                  folder.path(),
                  need.positions(),
                  MemoryNeed.gigabytes(need.cache()),
                  MemoryNeed.gigabytes(most)));
    }
  }
}
