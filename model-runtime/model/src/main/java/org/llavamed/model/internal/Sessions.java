package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.Optional;

/** Makes the sessions that run graphs: on which processor, with which threads. */
final class Sessions {
  private final ModelSettings settings;
  private final Backend backend;
  private final Optional<PrepackedCache> prepacked;

  /** Something that is set before a session is made. */
  @FunctionalInterface
  interface Change {
    void apply(SessionOptions options) throws OrtException;
  }

  /**
   * Makes a maker of sessions.
   *
   * @param prepacked where large weights are kept as they are packed for the CPU
   */
  Sessions(ModelSettings settings, Backend backend, Optional<PrepackedCache> prepacked) {
    this.settings = settings;
    this.backend = backend;
    this.prepacked = backend.cuda() ? Optional.empty() : prepacked;
  }

  /** Returns what the graphs run on. */
  Backend backend() {
    return backend;
  }

  /** Returns whether the weights of a graph are kept as they are packed. */
  boolean isPrepacked(ModelFolder folder, String name) {
    return prepacked.flatMap(cache -> cache.find(folder, name)).isPresent();
  }

  /** Loads a graph of a folder onto the processor that was chosen. */
  OrtSession load(ModelFolder folder, String name) throws OrtException {
    Path file = folder.file(name);
    if (prepacked.isPresent()) {
      file = prepacked.get().prepare(folder, name, new Copies()).orElse(file);
    }
    return make(file, options -> {});
  }

  /** Loads graphs for the cache of packed weights. */
  private final class Copies implements PrepackedCache.Maker {
    @Override
    public void make(Path graph, Change change) throws OrtException {
      Sessions.this.make(graph, change).close();
    }

    @Override
    public FloatBuffer probe(Path graph) throws OrtException {
      try (OrtSession session = Sessions.this.make(graph, options -> {})) {
        return GraphProbe.run(session);
      }
    }
  }

  private OrtSession make(Path file, Change change) throws OrtException {
    try (SessionOptions options = new SessionOptions()) {
      threads(options);
      if (backend.cuda()) {
        new CudaDevice(settings.sessions()).use(options);
      }
      change.apply(options);
      return Onnx.environment().createSession(file.toString(), options);
    }
  }

  private void threads(SessionOptions options) throws OrtException {
    int spin = settings.spinMicroseconds();
    options.setIntraOpNumThreads(settings.threads());
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", spin > 0 ? "1" : "0");
    options.addConfigEntry("session.intra_op.spin_duration_us", String.valueOf(spin));
  }
}
