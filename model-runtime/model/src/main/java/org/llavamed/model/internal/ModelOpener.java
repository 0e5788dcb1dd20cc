package org.llavamed.model.internal;

import java.util.Optional;
import org.llavamed.inference.ModelException;

/**
 * Loads model folders on this machine: says which graphs are run, and refuses what does not fit the
 * memory before any of it is loaded.
 */
final class ModelOpener {
  private final ModelSettings settings;
  private final Machine machine;
  private final Sessions sessions;

  ModelOpener(ModelSettings settings, Machine machine, Backend backend) {
    this.settings = settings;
    this.machine = machine;
    this.sessions = new Sessions(settings, backend, prepacked(settings, machine));
  }

  private static Optional<PrepackedCache> prepacked(ModelSettings settings, Machine machine) {
    return settings
        .sessions()
        .prepackedCache()
        .map(
            folder ->
                new PrepackedCache(folder, Onnx.environment().getVersion(), machine.features()));
  }

  /** Returns what the graphs run on. */
  Backend backend() {
    return sessions.backend();
  }

  /**
   * Loads the graphs that are fastest on this machine, after a measurement where one is needed.
   *
   * @throws ModelException if the model does not fit the memory, or its parts cannot be loaded
   */
  ModelParts openFastest(ModelFolder folder) {
    return open(folder, planner(folder, machine.memory()).plan());
  }

  /**
   * Loads the graphs that the precision of the model stands for, the same on every machine.
   *
   * @throws ModelException as {@link #openFastest} does
   */
  ModelParts openPlain(ModelFolder folder) {
    return open(folder, chooser(folder, machine.memory()).withoutMeasurement());
  }

  private ModelParts open(ModelFolder folder, GraphChoice choice) {
    expectRoom(folder, choice);
    return ModelParts.open(folder, settings, sessions, choice);
  }

  /**
   * Loads the decoder that the settings ask for, without a tower.
   *
   * @throws ModelException as {@link #openFastest} does
   */
  ModelParts openDecoder(ModelFolder folder) {
    return open(folder, chooser(folder, machine.memory()).withoutMeasurement().withoutVision());
  }

  /**
   * Loads the most precise vision tower alone.
   *
   * @throws ModelException if there is none, or it cannot be loaded
   */
  Graph openVision(ModelFolder folder) {
    String name = folder.visions().stream().findFirst().orElseThrow(folder::noPictures);
    return Graph.load(folder, name, sessions);
  }

  /**
   * Checks that the decoder that the settings ask for fits the memory.
   *
   * @throws ModelException if it does not, or is not there
   */
  void expectRoomForDecoder(ModelFolder folder) {
    expectRoom(folder, chooser(folder, machine.memory()).withoutMeasurement().withoutVision());
  }

  private void expectRoom(ModelFolder folder, GraphChoice choice) {
    Optional<String> obstacle = need(folder, choice).obstacle(machine.memory());
    if (obstacle.isPresent() && !settings.sessions().ignoreMemoryCheck()) {
      throw refused(folder, obstacle.get());
    }
  }

  /** A model does not fit the memory. */
  static ModelException refused(ModelFolder folder, String obstacle) {
    return ModelException.outOfMemory(
        folder.path(),
        obstacle,
        "End other programs, set mostPositions lower, import the checkpoint in a smaller"
            + " precision, or set ignoreMemoryCheck=true in conf/org.llavamed.model.cfg");
  }

  /** Returns a planner, which knows what was measured before. */
  GraphPlanner planner(ModelFolder folder, Memory memory) {
    Measured.Key key =
        new Measured.Key(
            folder.identity(),
            machine.processor(),
            machine.features(),
            settings.threads(),
            settings.spinMicroseconds(),
            Onnx.environment().getVersion());
    return new GraphPlanner(
        folder,
        chooser(folder, memory),
        key,
        new GraphMeasurer(folder, sessions, System::nanoTime),
        machine::busy);
  }

  private GraphChooser chooser(ModelFolder folder, Memory memory) {
    return new GraphChooser(folder, settings, backend().cuda(), memory);
  }

  /** Returns the memory that a choice takes. */
  MemoryNeed need(ModelFolder folder, GraphChoice choice) {
    ModelDescription model = folder.description();
    MemoryNeed need =
        MemoryNeed.of(
            model,
            choice.decoders(),
            choice
                .vision()
                .map(name -> MemoryNeed.ofWeights(folder, name, backend().cuda()))
                .orElse(0L),
            Math.min(model.context(), settings.mostPositions()));
    boolean mapped =
        choice.decoders().stream().allMatch(file -> sessions.isPrepacked(folder, file.name()));
    return mapped ? need.withMappedWeights() : need;
  }
}
