package org.llavamed.learning.model;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;

/** The low-rank adapters of a decoder: none until some are put to it. */
public final class Adapters {
  /** Behind the name of a layer: the matrix that its input meets first. */
  static final String DOWN = ".lora_A.weight";

  /** Behind the name of a layer: the matrix that gives what is added. */
  static final String UP = ".lora_B.weight";

  private final Engine engine;
  private final Decoder decoder;
  private final Parameters parameters;
  private @Nullable Lora lora;
  private Dropout dropout = new Dropout(0);

  Adapters(Engine engine, Decoder decoder, Parameters parameters) {
    this.engine = engine;
    this.decoder = decoder;
    this.parameters = parameters;
  }

  /** Returns what they were made with; empty where there are none. */
  public Optional<Lora> lora() {
    return Optional.ofNullable(lora);
  }

  /**
   * Puts adapters to the decoder, which is frozen then. The first matrix of each is uniform from -1
   * / sqrt(in) to 1 / sqrt(in) by the engine's random numbers, the second zero: the model computes
   * what it did.
   *
   * @throws TrainingException if there are some
   */
  public void add(Lora settings) {
    if (lora != null) {
      throw TrainingException.invalid(
          "adapters", "the model has some", "Merge them before others are added");
    }
    lora = settings;
    dropout = new Dropout(settings.dropout());
    parameters.train(Part.DECODER, false);
    for (Linear linear : linears()) {
      if (settings.takes(linear.name())) {
        linear.adapter(fresh(linear, settings));
      }
    }
    train(true);
    parameters.forgetFrozen();
  }

  /** Returns the shapes of the matrices that {@link #add} would make. */
  Map<String, List<Long>> shapes(Lora settings) {
    Map<String, List<Long>> shapes = new LinkedHashMap<>();
    for (Linear linear : linears()) {
      if (settings.takes(linear.name())) {
        long rank = settings.rank();
        shapes.put(linear.name() + DOWN, List.of(rank, linear.weight().size(1)));
        shapes.put(linear.name() + UP, List.of(linear.weight().size(0), rank));
      }
    }
    return shapes;
  }

  private Adapter fresh(Linear linear, Lora settings) {
    long in = linear.weight().size(1);
    long out = linear.weight().size(0);
    double most = 1 / Math.sqrt((double) in);
    Tensor down =
        engine.scoped(() -> engine.uniform(settings.rank(), in).times(2 * most).plus(-most));
    Tensor up = engine.zeros(DType.F32, out, settings.rank());
    parameters.add(linear.name() + DOWN, down);
    parameters.add(linear.name() + UP, up);
    return new Adapter(down, up, settings.scale(), dropout);
  }

  /** Returns the matrices by their names: those of layers with {@code .lora_A.weight} and so on. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (Linear linear : adapted()) {
      Adapter adapter = linear.adapter().orElseThrow();
      tensors.put(linear.name() + DOWN, adapter.down());
      tensors.put(linear.name() + UP, adapter.up());
    }
    return tensors;
  }

  /** Adds what they add to the layers' own matrices, and takes them away. */
  public void merge() {
    for (Linear linear : adapted()) {
      engine.inScope(() -> engine.noGrad(() -> merged(linear)));
      linear.adapter(null);
      parameters.remove(linear.name() + DOWN);
      parameters.remove(linear.name() + UP);
    }
    lora = null;
  }

  private static boolean merged(Linear linear) {
    linear.weight().set(linear.weight().plus(linear.adapter().orElseThrow().matrix()));
    return true;
  }

  void train(boolean trained) {
    if (lora != null) {
      parameters.train(Part.DECODER, false);
      tensors().values().forEach(tensor -> tensor.requireGradient(trained));
    }
  }

  void activateDropout(boolean now) {
    dropout.activate(now);
  }

  private List<Linear> adapted() {
    List<Linear> adapted = new ArrayList<>(linears());
    adapted.removeIf(linear -> linear.adapter().isEmpty());
    return adapted;
  }

  private List<Linear> linears() {
    return decoder.blocks().stream().flatMap(block -> block.linears().stream()).toList();
  }
}
