package org.llavamed.learning.loop;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.llavamed.data.Sample;
import org.llavamed.data.SampleWriter;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.Engines;
import org.llavamed.engine.Tensor;
import org.llavamed.learning.model.TensorFile;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.recipe.RecipeReader;
import org.llavamed.learning.run.RunEvent;
import org.llavamed.learning.run.RunFolder;
import org.llavamed.preprocess.ConversationTemplate.Turn;

/** A model of some thousand parameters, samples that it can learn by heart, and runs of both. */
public final class Tiny {
  /** Colours of the pictures, which are the answers. */
  static final List<String> COLOURS =
      List.of("red", "green", "blue", "yellow", "white", "black", "cyan", "magenta");

  /**
   * Rates at which runs that compute the same in another order stay together: AdamW's first steps
   * are as long as the rate, however small the gradient, and so is what rounding makes of them.
   */
  public static final Map<String, String> SLOWLY =
      Map.of("rates.tower", "1e-3", "rates.projector", "1e-3", "rates.decoder", "1e-3");

  private static final List<Color> PAINTS =
      List.of(
          Color.RED,
          Color.GREEN,
          Color.BLUE,
          Color.YELLOW,
          Color.WHITE,
          Color.BLACK,
          Color.CYAN,
          Color.MAGENTA);

  private static final List<String> SPECIAL = List.of("<unk>", "<s>", "</s>", "<image>", "<pad>");

  private static final List<String> WORDS =
      List.of(
          "[INST]", "[/INST]", "what", "colour", "is", "it", "the", "sky", "grass", "a", "very");

  private Tiny() {}

  /** PyTorch on one thread, one for all tests. */
  private static final class Shared {
    static final Engine ENGINE = Engines.open(Device.CPU);

    static {
      ENGINE.threads(1);
    }
  }

  public static Engine engine() {
    return Shared.ENGINE;
  }

  /** Writes a folder that a model of fresh weights takes its shape from, and samples beside it. */
  public static void write(Path folder) throws IOException {
    Path shape = Files.createDirectories(folder.resolve("shape"));
    Files.writeString(shape.resolve("config.json"), CONFIG);
    Files.writeString(shape.resolve("preprocessor_config.json"), PREPROCESSOR);
    Files.writeString(shape.resolve("tokenizer.json"), tokenizer());
    Files.writeString(shape.resolve("tokenizer_config.json"), "{}");
    Path pictures = Files.createDirectories(folder.resolve("pictures"));
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < COLOURS.size(); i++) {
      String name = COLOURS.get(i) + ".png";
      paint(pictures.resolve(name), PAINTS.get(i));
      samples.add(sample(COLOURS.get(i), Optional.of(name), "what colour is it", COLOURS.get(i)));
    }
    SampleWriter.write(folder.resolve("train.json"), samples.stream());
    samples.add(sample("sky", Optional.empty(), "what colour is the sky", "very blue"));
    samples.add(sample("grass", Optional.empty(), "what colour is the grass", "a very green it"));
    SampleWriter.write(folder.resolve("mixed.json"), samples.stream());
    SampleWriter.write(folder.resolve("validation.json"), samples.subList(2, 5).stream());
  }

  public static Sample sample(String id, Optional<String> image, String question, String answer) {
    return new Sample(id, image, List.of(new Turn(question, answer)), Optional.empty());
  }

  private static void paint(Path file, Color color) throws IOException {
    BufferedImage image = new BufferedImage(32, 32, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(color);
    graphics.fillRect(0, 0, 32, 32);
    graphics.dispose();
    ImageIO.write(image, "png", file.toFile());
  }

  /**
   * Returns a recipe of a fresh model with all parts trained, written to the folder {@code run}.
   */
  public static Recipe recipe(Path folder, String run, Map<String, String> settings) {
    Path file = folder.resolve(run + ".yaml");
    try {
      Files.writeString(
          file,
          """
          name: %2$s
          out: %1$s/%2$s
          model: {%3$s}
          rates: {tower: 1e-2, projector: 1e-2, decoder: 1e-2}
          data: [{file: %1$s/train.json, pictures: %1$s/pictures}]
          batch: {size: 8, maxLength: 64}
          optimiser: {steps: 6, warmup: 0.1}
          checkpoints: {every: 100}
          """
              .formatted(
                  folder,
                  run,
                  settings.containsKey("model.folder")
                      ? ""
                      : "random: %s/shape".formatted(folder)));
      Recipe recipe = new RecipeReader().read(file, settings);
      Path root = Files.createDirectories(Path.of(recipe.out()));
      Files.writeString(new RunFolder(root).recipe(), new RecipeReader().write(recipe));
      return recipe;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static RunFolder folder(Recipe recipe) {
    return new RunFolder(Path.of(recipe.out()));
  }

  /** Runs a recipe in this process; returns what it told. */
  public static List<RunEvent> run(Recipe recipe, boolean resume) {
    return run(recipe, resume, () -> false);
  }

  static List<RunEvent> run(Recipe recipe, boolean resume, BooleanSupplier asked) {
    List<RunEvent> told = new ArrayList<>();
    new Training(recipe, folder(recipe), engine(), new Alone(), told::add, asked).run(resume);
    return told;
  }

  public static <T extends RunEvent> List<T> only(Class<T> kind, List<RunEvent> told) {
    return told.stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  public static List<Double> losses(List<RunEvent> told) {
    return only(RunEvent.Step.class, told).stream().map(RunEvent.Step::loss).toList();
  }

  public static Map<String, Tensor> weights(RunFolder run) {
    return TensorFile.read(engine(), run.model().resolve("model.safetensors"));
  }

  /** Expects no weight of two models to differ by more than 1e-5. */
  public static void assertCloseWeights(RunFolder run, RunFolder other) {
    Map<String, Tensor> expected = weights(run);
    Map<String, Tensor> found = weights(other);
    assertThat(found.keySet()).isEqualTo(expected.keySet());
    found.forEach(
        (name, tensor) -> {
          Tensor same = Objects.requireNonNull(expected.get(name));
          float[] apart = tensor.minus(same).abs().floats();
          double most = IntStream.range(0, apart.length).mapToDouble(i -> apart[i]).max().orElse(0);
          assertThat(most).as(name).isLessThan(1e-5);
        });
  }

  private static String tokenizer() {
    List<String> all = new ArrayList<>(SPECIAL);
    all.addAll(WORDS);
    all.addAll(COLOURS);
    String added =
        IntStream.range(0, SPECIAL.size())
            .mapToObj(
                i ->
                    """
                    {"id":%d,"content":"%s","single_word":false,"lstrip":false,"rstrip":false,\
                    "normalized":false,"special":true}"""
                        .formatted(i, SPECIAL.get(i)))
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    String vocabulary =
        IntStream.range(0, all.size())
            .mapToObj(i -> "\"%s\":%d".formatted(all.get(i), i))
            .reduce((a, b) -> a + "," + b)
            .orElseThrow();
    return """
        {"version":"1.0","truncation":null,"padding":null,"added_tokens":[%s],"normalizer":null,\
        "pre_tokenizer":{"type":"WhitespaceSplit"},"post_processor":null,"decoder":null,\
        "model":{"type":"WordLevel","unk_token":"<unk>","vocab":{%s}}}
        """
        .formatted(added, vocabulary);
  }

  private static final String CONFIG =
      """
      {"architectures":["LlavaForConditionalGeneration"],"model_type":"llava",
       "image_token_index":3,"image_seq_length":4,"vision_feature_layer":-2,
       "vision_feature_select_strategy":"default","projector_hidden_act":"gelu",
       "image_aspect_ratio":"square",
       "text_config":{"model_type":"llama","architectures":["LlamaForCausalLM"],"hidden_size":32,
        "intermediate_size":64,"num_hidden_layers":2,"num_attention_heads":2,
        "num_key_value_heads":1,"head_dim":16,"vocab_size":32,"rms_norm_eps":1e-5,
        "rope_theta":10000.0,"max_position_embeddings":64,"hidden_act":"silu","bos_token_id":1,
        "eos_token_id":2,"tie_word_embeddings":false,"attention_bias":false,"mlp_bias":false},
       "vision_config":{"model_type":"clip_vision_model","hidden_size":32,"intermediate_size":64,
        "num_hidden_layers":2,"num_attention_heads":2,"image_size":32,"patch_size":16,
        "num_channels":3,"hidden_act":"quick_gelu","layer_norm_eps":1e-5,"projection_dim":32}}
      """;

  private static final String PREPROCESSOR =
      """
      {"image_processor_type":"CLIPImageProcessor","do_convert_rgb":true,"do_resize":true,
       "size":{"shortest_edge":32},"resample":3,"do_center_crop":true,
       "crop_size":{"height":32,"width":32},"do_rescale":true,
       "rescale_factor":0.00392156862745098,"do_normalize":true,
       "image_mean":[0.48145466,0.4578275,0.40821073],
       "image_std":[0.26862954,0.26130258,0.27577711]}
      """;
}
