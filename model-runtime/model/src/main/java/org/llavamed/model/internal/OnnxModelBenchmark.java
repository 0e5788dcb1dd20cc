package org.llavamed.model.internal;

import ai.onnxruntime.OrtException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.inference.ModelBenchmark;
import org.llavamed.inference.ModelException;
import org.llavamed.inference.Progress;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;

/** Measures models with the sessions and the decoder that answer questions elsewhere. */
@Component(
    configurationPid = "org.llavamed.model",
    configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class OnnxModelBenchmark implements ModelBenchmark {
  private final ModelSettings settings;

  /** Takes the configuration that models run with. */
  @Activate
  public OnnxModelBenchmark(ModelConfig config) {
    this(ModelSettings.of(config));
  }

  OnnxModelBenchmark(ModelSettings settings) {
    this.settings = settings;
  }

  @Override
  public Report measure(Path path, Plan plan, Progress progress) {
    long begin = System.nanoTime();
    OnnxModelRuntime runtime = new OnnxModelRuntime(settings);
    return runtime.load(
        path,
        ModelOpener::openFastest,
        (folder, parts) -> {
          double seconds = (System.nanoTime() - begin) / 1e9;
          try (parts) {
            return new Measuring(folder, parts, plan, progress).report(seconds);
          } catch (OrtException e) {
            throw folder.failed(e);
          }
        });
  }

  /** One open model that is measured. */
  private final class Measuring {
    private final ModelFolder folder;
    private final ModelParts parts;
    private final Plan plan;
    private final Progress progress;
    private final List<Figure> figures = new ArrayList<>();

    Measuring(ModelFolder folder, ModelParts parts, Plan plan, Progress progress) {
      this.folder = folder;
      this.parts = parts;
      this.plan = plan;
      this.progress = progress;
    }

    Report report(double loadSeconds) throws OrtException {
      expectNoInterrupt();
      figures.add(Samples.figure("load", "s", loadSeconds));
      figures.addAll(ProcessMemory.now("after loading"));
      vision();
      Decoder decoder = parts.decoder();
      List<DecoderSpeed.Measurement> all =
          new DecoderSpeed(decoder, folder.description(), plan).measurements();
      QuestionSpeed questions = new QuestionSpeed(folder, decoder, settings.engine(), plan);
      if (questions.fits()) {
        all.add(questions::measure);
      }
      for (int i = 0; i < all.size(); i++) {
        expectNoInterrupt();
        progress.at("measuring", i, all.size());
        figures.addAll(all.get(i).make());
      }
      figures.addAll(ProcessMemory.now("after measuring"));
      figures.addAll(ProcessMemory.peak());
      return new Report(
          folder.card(),
          name(decoder.graphs().prefill()),
          name(decoder.graphs().step()),
          host(decoder.limits().chunk()),
          figures);
    }

    private void vision() throws OrtException {
      if (parts.eye().isPresent()) {
        int side = folder.description().imageSide();
        FloatBuffer pixels = Tensors.floats(3L * side * side);
        Vision vision = parts.eye().get().vision();
        figures.add(
            new Samples(plan.repeats()).seconds("vision of a picture", () -> vision.look(pixels)));
      }
    }

    private void expectNoInterrupt() {
      if (Thread.currentThread().isInterrupted()) {
        throw interrupted(folder);
      }
    }

    private static String name(Graph graph) {
      return String.valueOf(graph.file().getFileName());
    }
  }

  /** A measurement was interrupted. */
  static ModelException interrupted(ModelFolder folder) {
    return ModelException.invalid(
        folder.path(), "the measurement was interrupted", "Start it again");
  }

  private Host host(int chunk) {
    Machine machine = Machine.here();
    return new Host(
        machine.processor(),
        machine.features(),
        machine.cores(),
        settings.threads(),
        settings.spinMicroseconds(),
        chunk,
        Onnx.environment().getVersion(),
        System.getProperty("java.vm.name") + " " + System.getProperty("java.version"));
  }
}
