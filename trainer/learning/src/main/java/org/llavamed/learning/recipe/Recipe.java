package org.llavamed.learning.recipe;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.preprocess.ConversationTemplate;

/**
 * What a run of training does: recipe.schema.json describes the file and says what it may leave
 * out. Paths are relative to the folder that the command is started in.
 *
 * @param name of the run and of the model that it makes
 * @param out folder that receives everything the run writes
 * @param seed of the fresh weights, the order of samples, dropout and augmentation
 * @param objective what is learned: {@code answers}, or {@code pictures}, to tell these apart by
 *     the first question and answer of each sample, without the decoder
 * @param model where the weights come from
 * @param rates which parts are trained, and how fast
 * @param lora where present, the decoder's matrices stay as they are and adapters are trained
 * @param data at least one
 * @param validation where absent, nothing is evaluated on the way
 * @param pictures how pictures are prepared
 * @param batch how samples are joined
 * @param optimiser AdamW and its schedule
 * @param precision of the computation: {@code fp32}, or {@code bf16} by autocast
 * @param gradientCheckpointing whether what a block computed is computed again for its gradients
 * @param featureCache whether what a frozen tower makes of a picture is kept on disk
 * @param checkpoints how often the state is written, and how many of them are kept
 */
public record Recipe(
    String name,
    String out,
    long seed,
    String objective,
    Start model,
    Rates rates,
    @Nullable Lora lora,
    List<Source> data,
    @Nullable Validation validation,
    Pictures pictures,
    Batch batch,
    Optimiser optimiser,
    String precision,
    boolean gradientCheckpointing,
    boolean featureCache,
    Checkpoints checkpoints) {
  /** The objective of telling pictures apart. */
  public static final String PICTURES = "pictures";

  /**
   * Where the weights come from: one of {@code folder}, {@code language}, {@code random}.
   *
   * @param folder a Hugging Face LLaVA folder
   * @param language a Hugging Face LLaMA or Mistral folder; the projector is fresh
   * @param vision with {@code language}: a Hugging Face CLIP folder
   * @param projector of a fresh model: {@code linear} or {@code mlpNx_gelu}
   * @param random a folder with config.json, tokenizer.json and preprocessor_config.json, whose
   *     shape a model of fresh weights takes
   * @param template name of a conversation template that ends its answers
   * @param dropout of embeddings, attention and what blocks add, 0 to below 1
   */
  public record Start(
      @Nullable String folder,
      @Nullable String language,
      @Nullable String vision,
      String projector,
      @Nullable String random,
      String template,
      double dropout) {
    /** A model that learned no end of its answers would never end them. */
    private static final List<String> TEMPLATES =
        Arrays.stream(ConversationTemplate.values())
            .filter(template -> !template.end().isEmpty())
            .map(ConversationTemplate::label)
            .toList();

    public Start {
      int ways = (folder == null ? 0 : 1) + (language == null ? 0 : 1) + (random == null ? 0 : 1);
      expect(ways == 1, ways + " of folder, language and random are there", "exactly one");
      expect(
          (language == null) == (vision == null),
          "language stands without vision, or vision without language",
          "both or none");
      expect(
          projector.matches("linear|mlp[1-9]x_gelu"),
          "projector is '" + projector + "'",
          "linear or mlp2x_gelu with any number of layers from 1 to 9");
      expect(
          TEMPLATES.contains(template),
          "template is '" + template + "'",
          "one of " + String.join(", ", TEMPLATES) + ", which end their answers");
      expect(dropout >= 0 && dropout < 1, "dropout is " + dropout, "0 to below 1");
    }
  }

  /**
   * Learning rate of each part at its highest; 0 freezes a part.
   *
   * @param tower of the vision tower
   * @param projector of the projector
   * @param decoder of the language model, or of its adapters
   */
  public record Rates(double tower, double projector, double decoder) {
    public Rates {
      for (double rate : new double[] {tower, projector, decoder}) {
        expect(rate >= 0 && rate <= 1, "a learning rate is " + rate, "0 (frozen) to 1");
      }
      expect(tower + projector + decoder > 0, "every learning rate is 0", "one above 0");
    }
  }

  /**
   * Low-rank adapters (Hu et al. 2021) of the decoder's matrices.
   *
   * @param rank of each pair of matrices, at least 1
   * @param alpha scale: what an adapter adds is multiplied by alpha / rank
   * @param dropout of an adapter's input, 0 to below 1
   * @param targets last parts of the names of the matrices, for example {@code q_proj}
   */
  public record Lora(int rank, double alpha, double dropout, List<String> targets) {
    public Lora {
      expect(rank >= 1, "rank is " + rank, "1 or more");
      expect(alpha > 0, "alpha is " + alpha, "above 0");
      expect(dropout >= 0 && dropout < 1, "dropout is " + dropout, "0 to below 1");
      expect(!targets.isEmpty(), "targets is empty", "names such as q_proj");
      targets = List.copyOf(targets);
    }
  }

  /**
   * Samples and their pictures.
   *
   * @param file LLaVA JSON or JSON lines
   * @param pictures folder that the samples' picture paths are relative to
   * @param weight how often each sample is taken in an epoch, on average; above 0
   */
  public record Source(String file, String pictures, double weight) {
    public Source {
      expect(weight > 0 && weight <= 1000, "weight is " + weight, "above 0, at most 1000");
    }
  }

  /**
   * What is evaluated on the way.
   *
   * @param file LLaVA JSON or JSON lines
   * @param pictures folder that the samples' picture paths are relative to
   * @param every steps between two evaluations, at least 1
   */
  public record Validation(String file, String pictures, int every) {
    public Validation {
      expect(every >= 1, "every is " + every, "1 step or more");
    }
  }

  /**
   * How pictures are prepared.
   *
   * @param mode {@code square} or {@code pad}
   * @param augmentation where absent, a picture is always shown as it is
   */
  public record Pictures(String mode, @Nullable Augmented augmentation) {
    public Pictures {
      expect(mode.matches("square|pad"), "mode is '" + mode + "'", "square or pad");
    }
  }

  /**
   * Random changes of a picture, new in each epoch. There is no left-right flip: it would make a
   * left lung a right one.
   *
   * @param rotation most degrees to either side, 0 to 45
   * @param crop most of an edge that is cut off, 0 to 0.5
   * @param brightness most that is added to or taken from all values, as a share of the full range
   * @param contrast most by which differences grow or shrink, as a share
   * @param noise standard deviation of what is added to each pixel, one number for all its
   *     channels, as a share of the full range
   */
  public record Augmented(
      double rotation, double crop, double brightness, double contrast, double noise) {
    public Augmented {
      expect(rotation >= 0 && rotation <= 45, "rotation is " + rotation, "0 to 45 degrees");
      for (double share : new double[] {crop, brightness, contrast, noise}) {
        expect(share >= 0 && share <= 0.5, "a share is " + share, "0 to 0.5");
      }
    }
  }

  /**
   * How samples are joined.
   *
   * @param size samples that a process reads at a time
   * @param accumulation batches whose gradients are added before the weights change
   * @param maxLength positions of a sample at most, picture included
   */
  public record Batch(int size, int accumulation, int maxLength) {
    public Batch {
      expect(size >= 1 && size <= 65_536, "size is " + size, "1 to 65536");
      expect(
          accumulation >= 1 && accumulation <= 65_536,
          "accumulation is " + accumulation,
          "1 to 65536");
      expect(maxLength >= 2 && maxLength <= 1 << 20, "maxLength is " + maxLength, "2 to 1048576");
    }
  }

  /**
   * AdamW with a cosine schedule.
   *
   * @param epochs how often all data are read; may be a fraction
   * @param steps where present, the number of steps, whatever {@code epochs} says
   * @param warmup share of the steps in which the rates rise from 0
   * @param beta1 decay of the mean of the gradients
   * @param beta2 decay of the mean of their squares
   * @param epsilon added to the root
   * @param weightDecay decoupled; matrices only, not norms and biases
   * @param clip longest gradient over all parts; 0 never cuts
   */
  public record Optimiser(
      double epochs,
      @Nullable Integer steps,
      double warmup,
      double beta1,
      double beta2,
      double epsilon,
      double weightDecay,
      double clip) {
    public Optimiser {
      expect(epochs > 0 && epochs <= 100_000, "epochs is " + epochs, "above 0, at most 100000");
      expect(steps == null || steps >= 1, "steps is " + steps, "1 or more");
      expect(warmup >= 0 && warmup < 1, "warmup is " + warmup, "0 to below 1");
      expect(beta1 >= 0 && beta1 < 1, "beta1 is " + beta1, "0 to below 1");
      expect(beta2 >= 0 && beta2 < 1, "beta2 is " + beta2, "0 to below 1");
      expect(epsilon > 0, "epsilon is " + epsilon, "above 0");
      expect(weightDecay >= 0, "weightDecay is " + weightDecay, "0 or more");
      expect(clip >= 0, "clip is " + clip, "0 (never) or more");
    }
  }

  /**
   * How often the state is written.
   *
   * @param every steps between two checkpoints, at least 1
   * @param keep checkpoints that are kept, at least 1
   */
  public record Checkpoints(int every, int keep) {
    public Checkpoints {
      expect(every >= 1, "every is " + every, "1 step or more");
      expect(keep >= 1, "keep is " + keep, "1 or more");
    }
  }

  public Recipe {
    expect(
        name.matches("[A-Za-z0-9][A-Za-z0-9._-]*"),
        "name is '" + name + "'",
        "letters, digits, dots, underscores and hyphens");
    expect(!out.isBlank(), "out is blank", "the folder of the run");
    expect(!data.isEmpty(), "data is empty", "at least one file of samples");
    expect(precision.matches("fp32|bf16"), "precision is '" + precision + "'", "fp32 or bf16");
    expect(
        lora == null || rates.decoder() > 0,
        "lora is there, but rates.decoder is 0",
        "a rate for the adapters, or no lora");
    expect(
        !featureCache || rates.tower() == 0,
        "featureCache is true, but rates.tower is " + rates.tower(),
        "a frozen tower, or no cache");
    expect(
        !featureCache || pictures.augmentation() == null,
        "featureCache is true, but pictures.augmentation is there",
        "pictures as they are, or no cache");
    expect(
        objective.matches("answers|pictures"),
        "objective is '" + objective + "'",
        "answers or pictures");
    if (objective.equals(PICTURES)) {
      expect(
          rates.tower() > 0, "objective is pictures, but rates.tower is 0", "a tower that learns");
      expect(
          rates.decoder() == 0,
          "objective is pictures, but rates.decoder is " + rates.decoder(),
          "0, since the decoder takes no part");
      expect(validation == null, "objective is pictures, but validation is there", "none");
      expect(
          !gradientCheckpointing,
          "objective is pictures, but gradientCheckpointing is true",
          "false, since the tower alone needs little memory");
    }
    data = List.copyOf(data);
  }

  /** Returns the adapters, where adapters are trained. */
  public Optional<Lora> adapters() {
    return Optional.ofNullable(lora);
  }

  private static void expect(boolean holds, String found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(found + ", expected " + expected);
    }
  }
}
