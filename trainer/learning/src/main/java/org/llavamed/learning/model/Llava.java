package org.llavamed.learning.model;

import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.llavamed.checkpoint.LlavaConfig;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.TrainingException;

/**
 * A LLaVA model that learns. Make it outside of all scopes, so that its parameters stay.
 *
 * <p>Shapes: B rows of T positions, M learned tokens, N pictures of S x S pixels, G features of
 * width V each, H the decoder's width, W words.
 */
public final class Llava {
  private final Engine engine;
  private final LlavaConfig config;
  private final Settings settings;
  private final Parameters parameters;
  private final Dropout dropout;
  private final Tower tower;
  private final Projector projector;
  private final Decoder decoder;
  private final Adapters adapters;
  private boolean ownProjector;
  private @Nullable PictureHead head;

  /**
   * How a model learns.
   *
   * @param dropout of embeddings, attention and what blocks add, from 0 to below 1; for models from
   *     scratch
   * @param recompute whether blocks are computed again for their gradients, to save memory
   * @param bf16 whether matrix products are computed in bf16
   */
  public record Settings(double dropout, boolean recompute, boolean bf16) {
    /** No dropout, all kept, 32 bits. */
    public static final Settings PLAIN = new Settings(0, false, false);
  }

  Llava(Engine engine, LlavaConfig config, Weights weights, Settings settings) {
    this.engine = engine;
    this.config = config;
    this.settings = settings;
    this.parameters = new Parameters(engine);
    this.dropout = new Dropout(settings.dropout());
    Parameters.Builder build = parameters.builder(weights);
    this.tower = new Tower(engine, build, config.vision(), dropout);
    this.projector = new Projector(build, config);
    this.decoder = new Decoder(engine, build, config.text(), dropout);
    this.adapters = new Adapters(engine, decoder, parameters);
  }

  /** Returns the shape of all parts. */
  public LlavaConfig config() {
    return config;
  }

  /** Returns the parameters. */
  public Parameters parameters() {
    return parameters;
  }

  /** Returns the adapters of the decoder. */
  public Adapters adapters() {
    return adapters;
  }

  /**
   * Says which parts learn; of a decoder with adapters, these only. The others forget their
   * gradients.
   */
  public void train(Set<Part> parts) {
    EnumSet.allOf(Part.class).forEach(part -> parameters.train(part, parts.contains(part)));
    adapters.train(parts.contains(Part.DECODER));
    parameters.forgetFrozen();
    if (parts.contains(Part.PROJECTOR)) {
      ownProjector = true;
    }
  }

  /**
   * Gives the model classes to tell pictures apart by, from the engine's random numbers. To be
   * called outside of all scopes.
   *
   * @param sizes how many classes each question has
   */
  public void tellApart(List<Integer> sizes) {
    head = new PictureHead(engine, parameters, sizes, config.text().hidden());
  }

  /** Returns whether the projector was trained, or came with adapters: it goes with them then. */
  boolean ownProjector() {
    return ownProjector;
  }

  void tookProjector() {
    ownProjector = true;
  }

  /** Returns what the tower makes of pixels, [N, 3, S, S], without gradients: [N, G, V]. */
  public Tensor features(Tensor pixels) {
    return engine.scoped(() -> engine.noGrad(() -> cast(() -> seen(pixels))));
  }

  /** Returns the logits of every position, [B, T, W], without gradients. */
  public Tensor logits(Inputs inputs) {
    return engine.scoped(() -> engine.noGrad(() -> cast(() -> decoder.logits(read(inputs)))));
  }

  /** Returns the sum of the cross entropy over the learned tokens, in nats. */
  public double loss(Inputs inputs) {
    return engine.inScope(() -> engine.noGrad(() -> cast(() -> lossOf(inputs)).item()));
  }

  /**
   * How well the learned tokens are foretold.
   *
   * @param loss sum of the cross entropy, in nats
   * @param right tokens that were the likeliest
   */
  public record Score(double loss, long right) {}

  /** Returns how well the learned tokens are foretold. */
  public Score score(Inputs inputs) {
    return engine.inScope(() -> engine.noGrad(() -> scored(inputs)));
  }

  private Score scored(Inputs inputs) {
    Tensor logits = cast(() -> logits(read(inputs), inputs)).to(DType.F32); // [M, W]
    Tensor wrong = logits.argmax(-1).minus(inputs.next()); //                  [M]
    return new Score(
        logits.crossEntropySum(inputs.next()).item(),
        (long) wrong.equalTo(0).to(DType.I64).sum().item());
  }

  /**
   * Adds the gradients of the sum of the cross entropy over the learned tokens, divided by {@code
   * divisor}. A batch that none of the learning parts reads gives none.
   *
   * @param divisor the learned tokens of all batches of a step, for their mean
   * @return the sum of the cross entropy, in nats, not divided
   */
  public double learn(Inputs inputs, double divisor) {
    activateDropout(true);
    try {
      return engine.inScope(
          () ->
              settings.recompute() ? learnInPieces(inputs, divisor) : learnWhole(inputs, divisor));
    } finally {
      activateDropout(false);
    }
  }

  /**
   * Adds the gradients of the sum of the cross entropy over the classes of pictures, divided by
   * {@code divisor}; the decoder takes no part. After {@link #tellApart}.
   *
   * @param pixels [N, 3, S, S]
   * @param asked the class of each picture
   * @param divisor the pictures of all batches of a step, for their mean
   * @return the sum of the cross entropy, in nats, not divided
   */
  public double learnClasses(Tensor pixels, List<PictureHead.Asked> asked, double divisor) {
    PictureHead classes = Objects.requireNonNull(head, "no classes, tellApart was not called");
    activateDropout(true);
    try {
      return engine.inScope(
          () -> {
            Tensor shown = cast(() -> projector.of(seen(pixels))); //         [N, G, H]
            Tensor loss = classes.loss(shown.to(DType.F32), asked); //        []
            loss.times(1 / divisor).backward();
            return loss.item();
          });
    } finally {
      activateDropout(false);
    }
  }

  private void activateDropout(boolean now) {
    dropout.activate(now);
    adapters.activateDropout(now);
  }

  private double learnWhole(Inputs inputs, double divisor) {
    Tensor loss = cast(() -> lossOf(inputs)); //                             []
    if (loss.requiresGradient()) {
      loss.times(1 / divisor).backward();
    }
    return loss.item();
  }

  private Tensor lossOf(Inputs inputs) {
    return lossOf(read(inputs), inputs);
  }

  /** Returns the loss of what the last block gave, [B, T, H]. */
  private Tensor lossOf(Tensor x, Inputs inputs) {
    return logits(x, inputs).crossEntropySum(inputs.next()); //              []
  }

  /** Returns the logits from which the learned tokens follow, [M, W], of [B, T, H]. */
  private Tensor logits(Tensor x, Inputs inputs) {
    Tensor rows = x.view(-1, x.size(2)); //                                  [B T, H]
    Tensor learned = rows.select(0, inputs.places()); //                     [M, H]
    return decoder.logits(learned); //                                       [M, W]
  }

  /** Returns what the last block of the decoder gives, [B, T, H]. */
  private Tensor read(Inputs inputs) {
    Rotary rotary = decoder.rotary(inputs.ids().size(1));
    Tensor x = spliced(inputs, inputs.pictures().map(this::seen)); //        [B, T, H]
    for (DecoderBlock block : decoder.blocks()) {
      x = block.of(x, rotary); //                                            [B, T, H]
    }
    return x;
  }

  private Tensor seen(Inputs.Pictures pictures) {
    return pictures.arePixels() ? seen(pictures.values()) : pictures.values(); // [N, G, V]
  }

  private Tensor seen(Tensor pixels) {
    Tensor x = tower.embed(pixels); //                                       [N, 1 + G, V]
    for (TowerBlock block : tower.blocks()) {
      x = block.of(x); //                                                    [N, 1 + G, V]
    }
    return tower.features(x); //                                             [N, G, V]
  }

  /** Returns what the first block of the decoder reads, [B, T, H]. */
  private Tensor spliced(Inputs inputs, Optional<Tensor> features) {
    long token = config.imageTokenId();
    long places = (long) inputs.ids().equalTo(token).to(DType.I64).sum().item();
    long given = features.map(seen -> seen.size(0) * seen.size(1)).orElse(0L);
    if (places != given) {
      throw TrainingException.invalid(
          "batch",
          "its rows have %d positions of pictures, its pictures fill %d".formatted(places, given),
          "Give every picture %d positions of token %d"
              .formatted(config.vision().tokens(), config.imageTokenId()));
    }
    return features
        .map(seen -> decoder.embed(inputs.ids(), projector.of(seen), token))
        .orElseGet(() -> decoder.embed(inputs.ids()));
  }

  private double learnInPieces(Inputs inputs, double divisor) {
    Rotary rotary = decoder.rotary(inputs.ids().size(1));
    Optional<Tensor> pixels =
        inputs.pictures().filter(Inputs.Pictures::arePixels).map(Inputs.Pictures::values);
    boolean towerLearns = pixels.isPresent() && !parameters.trained(Part.TOWER).isEmpty();
    Recompute looking = recompute(tower.blocks().stream().map(block -> block::of));
    Recompute reading = recompute(decoder.blocks().stream().map(block -> x -> block.of(x, rotary)));
    Optional<Tensor> patches = pixels.filter(p -> towerLearns).map(p -> cast(() -> tower.embed(p)));
    Optional<Tensor> looked = patches.map(looking::forward);
    Optional<Tensor> features =
        looked.map(tower::features).or(() -> inputs.pictures().map(p -> cast(() -> seen(p))));
    Tensor start = cast(() -> spliced(inputs, features));
    Tensor end = reading.forward(start);
    Tensor loss = cast(() -> lossOf(end, inputs));
    if (!start.requiresGradient() && parameters.trained(Part.DECODER).isEmpty()) {
      return loss.item();
    }
    loss.times(1 / divisor).backward();
    Tensor gradient = reading.backward(end.gradient().orElseThrow());
    if (start.requiresGradient()) {
      start.backward(gradient);
    }
    looked
        .flatMap(Tensor::gradient)
        .ifPresent(g -> patches.orElseThrow().backward(looking.backward(g)));
    return loss.item();
  }

  private Recompute recompute(Stream<UnaryOperator<Tensor>> blocks) {
    List<UnaryOperator<Tensor>> all =
        blocks.<UnaryOperator<Tensor>>map(block -> x -> cast(() -> block.apply(x))).toList();
    return new Recompute(engine, all);
  }

  private Tensor cast(Supplier<Tensor> work) {
    return settings.bf16() ? engine.autocast(work) : work.get();
  }
}
