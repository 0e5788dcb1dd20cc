package org.llavamed.learning.loop;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.engine.AdamW;
import org.llavamed.engine.Engine;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.model.Inputs;
import org.llavamed.learning.model.Llava;
import org.llavamed.learning.model.Part;
import org.llavamed.learning.model.TensorFile;
import org.llavamed.learning.recipe.Recipe;

/**
 * A model and the optimiser that changes it, together with those of the other processes. All
 * processes hold all weights and the whole state of the optimiser: neither is divided among them,
 * so each needs the memory of a single one.
 */
final class Learner {
  private static final String WEIGHTS = "weights.safetensors";
  private static final String OPTIMISER = "optimiser.safetensors";

  private final Engine engine;
  private final ProcessGroup group;
  private final Llava model;
  private final Recipe recipe;
  private final @Nullable Features features;
  private final AdamW optimiser;
  private final List<Double> rates = new ArrayList<>();

  /**
   * What the processes need to know of a step before they begin with it, summed over all.
   *
   * @param learned tokens
   * @param positions that are read
   * @param samples that are read
   */
  record Counts(long learned, long positions, long samples) {}

  /**
   * What a step gave, the same in all processes.
   *
   * @param losses sum of the cross entropy of each batch and process, batch by batch
   * @param asked whether a process was asked to end
   * @param gradientNorm before it was clipped
   */
  record Result(List<Double> losses, boolean asked, double gradientNorm) {
    double loss() {
      return losses.stream().mapToDouble(Double::doubleValue).sum();
    }

    boolean isFinite() {
      return Double.isFinite(loss()) && Double.isFinite(gradientNorm);
    }
  }

  /**
   * Takes a model whose parts that learn are set.
   *
   * @param features where the tower is frozen and its features are kept
   */
  Learner(
      Engine engine, ProcessGroup group, Llava model, Recipe recipe, @Nullable Features features) {
    this.engine = engine;
    this.group = group;
    this.model = model;
    this.recipe = recipe;
    this.features = features;
    Recipe.Optimiser settings = recipe.optimiser();
    this.optimiser =
        engine.adamW(
            groups(), new AdamW.Settings(settings.beta1(), settings.beta2(), settings.epsilon()));
  }

  /** Each part's matrices, which decay, and its other parameters, which do not. */
  private List<AdamW.Group> groups() {
    List<AdamW.Group> groups = new ArrayList<>();
    for (Part part : Part.values()) {
      List<AdamW.Parameter> matrices = new ArrayList<>();
      List<AdamW.Parameter> others = new ArrayList<>();
      model
          .parameters()
          .trained(part)
          .forEach(
              (name, tensor) ->
                  (tensor.shape().size() > 1 ? matrices : others)
                      .add(new AdamW.Parameter(name, tensor)));
      groups.add(new AdamW.Group(matrices, 0, recipe.optimiser().weightDecay()));
      groups.add(new AdamW.Group(others, 0, 0));
      rates.add(rate(recipe.rates(), part));
    }
    return groups;
  }

  static double rate(Recipe.Rates rates, Part part) {
    return switch (part) {
      case TOWER -> rates.tower();
      case PROJECTOR -> rates.projector();
      case DECODER -> rates.decoder();
      case HEAD -> rates.projector();
    };
  }

  Llava model() {
    return model;
  }

  /** Gives all processes the weights of the first. */
  void share() {
    model.parameters().all().values().forEach(tensor -> group.broadcast(tensor, 0));
  }

  /** Counts a step's batches. */
  Counts count(List<HostBatch> batches) {
    long[] counts =
        sum(
            batches.stream().mapToLong(HostBatch::learned).sum(),
            batches.stream().mapToLong(HostBatch::positions).sum(),
            batches.stream().mapToLong(batch -> batch.samples().size()).sum());
    return new Counts(counts[0], counts[1], counts[2]);
  }

  /** Returns the sums of numbers over all processes. */
  long[] sum(long... numbers) {
    return engine.inScope(
        () -> {
          Tensor tensor = engine.longs(LongBuffer.wrap(numbers), numbers.length);
          group.sum(tensor);
          return tensor.longs();
        });
  }

  float[] sum(float... numbers) {
    return engine.inScope(
        () -> {
          Tensor tensor = engine.floats(FloatBuffer.wrap(numbers), numbers.length);
          group.sum(tensor);
          return tensor.floats();
        });
  }

  /**
   * Takes the gradients of a step. The weights are as before.
   *
   * @param step number of the step, on which its random numbers depend
   * @param batches those of this process
   * @param counts of the step
   * @param asked whether this process was asked to end
   */
  Result learn(long step, List<HostBatch> batches, Counts counts, boolean asked) {
    optimiser.clearGradients();
    float[] told = new float[batches.size() * group.size() + 1];
    for (int i = 0; i < batches.size(); i++) {
      engine.seed(Seeds.of(recipe.seed(), step, i, group.rank()));
      told[i * group.size() + group.rank()] = (float) learn(batches.get(i), counts);
    }
    told[told.length - 1] = asked ? 1 : 0;
    Collection<Tensor> learning = model.parameters().trained().values();
    group.averageGradients(learning);
    float[] all = sum(told);
    double clip = recipe.optimiser().clip();
    double norm = clip > 0 ? engine.clipGradients(learning, clip) : engine.gradientNorm(learning);
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < all.length - 1; i++) {
      losses.add((double) all[i]);
    }
    return new Result(losses, all[all.length - 1] > 0, norm);
  }

  private double learn(HostBatch batch, Counts counts) {
    if (batch.isEmpty()) {
      return 0;
    }
    if (!batch.asked().isEmpty()) {
      return learnClasses(batch, counts);
    }
    boolean decoderLearns = recipe.rates().decoder() > 0;
    if (batch.pictures().isEmpty() && !decoderLearns) {
      return loss(batch); // text alone meets nothing that learns
    }
    // The processes' gradients are averaged, where their sum is meant.
    double divisor = (double) counts.learned() / group.size();
    return engine.inScope(() -> model.learn(inputs(batch), divisor));
  }

  private double learnClasses(HostBatch batch, Counts counts) {
    double divisor = (double) counts.learned() / group.size();
    int side = model.config().vision().side();
    return engine.inScope(
        () -> {
          Tensor pixels =
              engine.floats(batch.pixels().orElseThrow(), batch.pictures().size(), 3, side, side);
          return model.learnClasses(pixels, batch.asked(), divisor);
        });
  }

  /** Returns the sum of the cross entropy over the learned tokens. */
  double loss(HostBatch batch) {
    return engine.inScope(() -> model.loss(inputs(batch)));
  }

  /** Returns sum of the cross entropy, and how many learned tokens were the likeliest. */
  Llava.Score score(HostBatch batch) {
    return engine.inScope(() -> model.score(inputs(batch)));
  }

  private Inputs inputs(HostBatch batch) {
    int filler = model.config().imageTokenId() == 0 ? 1 : 0;
    Inputs text = Inputs.of(engine, batch.samples().size(), batch.ids(filler), batch.labels());
    if (batch.pictures().isEmpty()) {
      return text;
    }
    if (features != null) {
      return text.withFeatures(features.of(batch.pictures()));
    }
    return text.withPixels(engine, batch.pixels().orElseThrow(), model.config().vision().side());
  }

  /**
   * Changes the weights by the gradients.
   *
   * @param share of the highest learning rates
   */
  void change(double share) {
    for (int part = 0; part < rates.size(); part++) {
      optimiser.learningRate(2 * part, share * rates.get(part));
      optimiser.learningRate(2 * part + 1, share * rates.get(part));
    }
    optimiser.step();
    optimiser.clearGradients();
  }

  /** Writes the weights that learn, and the optimiser's state. */
  void write(Path folder) throws IOException {
    TensorFile.write(engine, folder.resolve(WEIGHTS), model.parameters().trained());
    engine.inScope(
        () -> {
          TensorFile.write(engine, folder.resolve(OPTIMISER), optimiser.state());
          return Optional.empty();
        });
  }

  /**
   * Takes what {@link #write} wrote.
   *
   * @throws TrainingException if the names or shapes are not those of the parameters that learn
   */
  void read(Path folder) {
    engine.inScope(
        () -> {
          Path file = folder.resolve(WEIGHTS);
          Map<String, Tensor> stored = new LinkedHashMap<>(TensorFile.read(engine, file));
          model.parameters().trained().forEach((name, to) -> set(file, name, to, stored));
          if (!stored.isEmpty()) {
            throw TrainingException.invalid(
                file, "nothing learns that is named " + stored.keySet(), "Remove this checkpoint");
          }
          optimiser.state(TensorFile.read(engine, folder.resolve(OPTIMISER)));
          return Optional.empty();
        });
  }

  private void set(Path file, String name, Tensor to, Map<String, Tensor> stored) {
    Tensor from = stored.remove(name);
    if (from == null || !from.shape().equals(to.shape())) {
      throw TrainingException.invalid(
          file,
          "%s has the shape %s, expected %s"
              .formatted(name, from == null ? "of nothing" : from.shape(), to.shape()),
          "Remove this checkpoint; the one before it is used then");
    }
    engine.noGrad(
        () -> {
          to.set(from);
          return Optional.empty();
        });
  }
}
