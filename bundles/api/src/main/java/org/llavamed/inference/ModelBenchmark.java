package org.llavamed.inference;

import java.nio.file.Path;
import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/** Measures how fast models run on this machine, without tokenizer, template and pictures. */
@ProviderType
public interface ModelBenchmark {
  /**
   * Opens a model, measures it and closes it again. Nothing else should run on the machine.
   *
   * @throws ModelException as {@link ModelRuntime#open} does, or if the thread is interrupted
   */
  Report measure(Path folder, Plan plan, Progress progress);

  /**
   * What is measured.
   *
   * @param repeats how often, at least 1
   * @param busy whether decoding is also measured while a thread keeps one processor busy
   */
  record Plan(int repeats, boolean busy) {
    public Plan {
      if (repeats < 1) {
        throw new IllegalArgumentException("repeats is %d, expected 1 or more".formatted(repeats));
      }
    }
  }

  /**
   * What was measured.
   *
   * @param model what was measured
   * @param prefillGraph file of the graph that reads prompts
   * @param stepGraph file of the graph that writes answers
   * @param host where it was measured
   * @param figures in the order in which they were measured; what the model has no room or part for
   *     is left out
   */
  record Report(
      ModelCard model, String prefillGraph, String stepGraph, Host host, List<Figure> figures) {
    public Report {
      figures = List.copyOf(figures);
    }
  }

  /**
   * A machine and what runs on it.
   *
   * @param processor name of the processor
   * @param features of the processor that decide how fast small numbers are multiplied
   * @param cores of the processor that may be used
   * @param threads that run graphs
   * @param spinMicroseconds for which they wait actively before they sleep
   * @param prefillChunk most positions of a prompt that are read in one run
   * @param onnxRuntime version
   * @param java virtual machine and version
   */
  record Host(
      String processor,
      List<String> features,
      int cores,
      int threads,
      int spinMicroseconds,
      int prefillChunk,
      String onnxRuntime,
      String java) {
    public Host {
      features = List.copyOf(features);
    }
  }

  /**
   * One measured value.
   *
   * @param name what was measured
   * @param unit of the values
   * @param median of the repetitions
   * @param least of the repetitions
   * @param most of the repetitions
   */
  record Figure(String name, String unit, double median, double least, double most) {}
}
