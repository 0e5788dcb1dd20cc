package org.llavamed.model.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.Diagnosis;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.ModelInspection;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Precision;
import org.llavamed.inference.VisionLanguageModel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.metatype.annotations.Designate;

/** Opens model folders on ONNX Runtime; closes what its users left open when it is deactivated. */
@Component(
    configurationPid = "org.llavamed.model",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
@Designate(ocd = ModelConfig.class)
public final class OnnxModelRuntime implements ModelRuntime {
  private static final Logger LOG = System.getLogger("org.llavamed.model");

  private final ModelSettings settings;
  private final Map<Object, Runnable> open = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private @Nullable Backend backend;

  @Activate
  public OnnxModelRuntime(ModelConfig config) {
    this(ModelSettings.of(config));
  }

  OnnxModelRuntime(ModelSettings settings) {
    this.settings = settings;
  }

  @Override
  public Path defaultFolder() {
    return settings.modelFolder();
  }

  @Override
  public VisionLanguageModel open(Path path) {
    LlavaModel model =
        load(
            path,
            ModelOpener::openFastest,
            (folder, parts) -> LlavaModel.start(folder, parts, settings.engine(), this::closed));
    own(path, model, model::close);
    return model;
  }

  @Override
  public ModelInspection inspect(Path path) {
    LlavaInspection inspection =
        load(
            path,
            ModelOpener::openPlain,
            (folder, parts) -> new LlavaInspection(folder, parts, this::closed));
    own(path, inspection, inspection::close);
    return inspection;
  }

  @Override
  public ModelInspection inspect(Path path, Precision decoder) {
    ModelSettings alone = settings.forOneDecoder(DecoderVariant.valueOf(decoder.name()));
    ModelFolder folder = ModelFolder.open(path);
    ModelOpener opener = new ModelOpener(alone, Machine.here(), backend());
    DecoderInspection inspection = new DecoderInspection(folder, opener, this::closed);
    own(path, inspection, inspection::close);
    return inspection;
  }

  @Override
  public Diagnosis diagnose(Path path) {
    return new Diagnoser(settings, Machine.here(), this::backend).diagnose(path);
  }

  /** Remembers what is open, or closes it where the runtime was closed while it was loaded. */
  private void own(Path path, Object opened, Runnable close) {
    open.put(opened, close);
    if (closed) {
      close.run();
      throw ModelException.invalid(
          path, "was not opened, since the model runtime is closed", "Start the program again");
    }
  }

  private void closed(Object opened) {
    open.remove(opened);
  }

  <T> T load(
      Path path,
      BiFunction<ModelOpener, ModelFolder, ModelParts> open,
      BiFunction<ModelFolder, ModelParts, T> make) {
    // The natives load while the files are hashed; what goes wrong is said by the first who uses
    // them.
    FutureTask<Boolean> natives = new FutureTask<>(this::loadNatives, true);
    Thread thread = new Thread(natives, "llavamed-load-natives");
    thread.setDaemon(true);
    thread.start();
    try {
      ModelFolder folder = ModelFolder.open(path);
      return make.apply(folder, open.apply(opener(), folder));
    } finally {
      Loading.loaded(natives); // where the folder is refused, the bundle may be stopped next
    }
  }

  private ModelOpener opener() {
    return new ModelOpener(settings, Machine.here(), backend());
  }

  /** Chooses once what graphs run on, and says it where a person may have expected another. */
  private synchronized Backend backend() {
    Backend chosen = backend;
    if (chosen == null) {
      chosen = Backend.choose(settings.sessions(), new CudaDevice(settings.sessions()));
      LOG.log(chosen.surprising() ? Level.INFO : Level.DEBUG, "Models run on {0}", chosen.reason());
      backend = chosen;
    }
    return chosen;
  }

  private void loadNatives() {
    try {
      Onnx.environment();
    } catch (ModelException e) {
      LOG.log(Level.DEBUG, "ONNX Runtime is asked for again when the model is opened", e);
    }
  }

  @Deactivate
  void close() {
    closed = true; // first: what is opened from now on is closed by the one who opens it
    List.copyOf(open.values()).forEach(Runnable::run);
  }
}
