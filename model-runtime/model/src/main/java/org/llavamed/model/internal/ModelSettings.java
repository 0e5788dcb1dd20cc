package org.llavamed.model.internal;

import java.nio.file.Path;
import org.llavamed.inference.ModelRuntime;

/**
 * How models are run.
 *
 * @param modelFolder folder of the default model
 * @param threads threads that run graphs, at least 1
 * @param spinMicroseconds for which threads wait actively for work before they sleep, 0 to
 *     1,000,000
 * @param mostPositions most positions of prompt and answer
 * @param sessions on what graphs run, and which
 * @param engine how requests share a model
 */
record ModelSettings(
    Path modelFolder,
    int threads,
    int spinMicroseconds,
    int mostPositions,
    SessionSettings sessions,
    EngineSettings engine) {
  ModelSettings {
    if (threads < 1 || threads > 256) {
      throw new IllegalArgumentException(
          "intraOpThreads is %d, expected 0 to 256; set it in conf/org.llavamed.model.cfg"
              .formatted(threads));
    }
    if (spinMicroseconds < 0 || spinMicroseconds > 1_000_000) {
      throw new IllegalArgumentException(
          "spinMicroseconds is %d, expected 0 to 1000000; set it in conf/org.llavamed.model.cfg"
              .formatted(spinMicroseconds));
    }
    if (mostPositions < 16) {
      throw new IllegalArgumentException(
          "mostPositions is %d, expected 16 or more; set it in conf/org.llavamed.model.cfg"
              .formatted(mostPositions));
    }
  }

  ModelSettings(Path modelFolder, int threads, int spinMicroseconds, int mostPositions) {
    this(
        modelFolder,
        threads,
        spinMicroseconds,
        mostPositions,
        SessionSettings.DEFAULT,
        EngineSettings.DEFAULTS);
  }

  /** Returns the same with other sessions. */
  ModelSettings with(SessionSettings others) {
    return new ModelSettings(modelFolder, threads, spinMicroseconds, mostPositions, others, engine);
  }

  /** Returns the same with another engine. */
  ModelSettings with(EngineSettings other) {
    return new ModelSettings(
        modelFolder, threads, spinMicroseconds, mostPositions, sessions, other);
  }

  /** Returns the same for a look at one decoder: with little room, and nothing kept on disk. */
  ModelSettings forOneDecoder(DecoderVariant variant) {
    return new ModelSettings(
        modelFolder,
        threads,
        spinMicroseconds,
        ModelRuntime.INSPECTED_POSITIONS,
        sessions.forOneDecoder(variant),
        engine);
  }

  static ModelSettings of(ModelConfig config) {
    String folder = config.modelFolder();
    if (folder == null || folder.isBlank()) {
      throw new IllegalArgumentException(
          "modelFolder is blank, expected a model folder; set it in conf/org.llavamed.model.cfg");
    }
    return new ModelSettings(
        Path.of(folder),
        config.intraOpThreads() == 0 ? Machine.here().cores() : config.intraOpThreads(),
        config.spinMicroseconds(),
        config.mostPositions(),
        SessionSettings.of(config),
        EngineSettings.of(config));
  }
}
