package org.llavamed.learning.loop;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Collectors;
import org.llavamed.checkpoint.Json;
import org.llavamed.checkpoint.SpecialTokens;
import org.llavamed.checkpoint.TokenizerFile;
import org.llavamed.data.Augmentation;
import org.llavamed.data.LeftOut;
import org.llavamed.data.PictureCheck;
import org.llavamed.data.PictureFolder;
import org.llavamed.data.PictureSlot;
import org.llavamed.data.SampleTokeniser;
import org.llavamed.data.TrainingData;
import org.llavamed.engine.DType;
import org.llavamed.engine.Engine;
import org.llavamed.files.FileError;
import org.llavamed.imaging.PictureReader;
import org.llavamed.learning.TrainingException;
import org.llavamed.learning.model.Llava;
import org.llavamed.learning.model.Lora;
import org.llavamed.learning.model.Origin;
import org.llavamed.learning.model.Part;
import org.llavamed.learning.recipe.Recipe;
import org.llavamed.learning.run.RunEvent;
import org.llavamed.learning.run.RunFolder;
import org.llavamed.preprocess.ConversationTemplate;
import org.llavamed.preprocess.PictureFiles;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;
import org.llavamed.preprocess.Tokenizer;

/** Makes what a recipe names: the model, its tokenizer, samples and pictures. */
final class Prepared implements AutoCloseable {
  private static final int EXAMPLES = 5;

  private final Recipe recipe;
  private final RunFolder folder;
  private final Origin origin;
  private final Wording wording;
  private final SampleTokeniser tokeniser;
  private final PictureStore pictures;
  private final PictureCheck check;
  private final List<TrainingData> opened = new ArrayList<>();

  /**
   * How a model writes texts.
   *
   * @param tokenizer open
   * @param picture text of the picture token
   * @param begin id of the token that begins every text
   */
  private record Wording(Tokenizer tokenizer, String picture, int begin) {}

  private Prepared(
      Recipe recipe,
      RunFolder folder,
      Origin origin,
      Wording wording,
      PicturePreparation preparation) {
    PictureReader reader = PictureFiles.reader();
    this.recipe = recipe;
    this.folder = folder;
    this.origin = origin;
    this.wording = wording;
    this.tokeniser = tokeniser(recipe, origin, wording);
    this.check = new PictureCheck(reader, folder.cache());
    long memory = Runtime.getRuntime().maxMemory() / 4;
    this.pictures = new PictureStore(reader, preparation, memory);
  }

  /** Reads what a recipe's model begins with, but for its weights. */
  static Prepared of(Recipe recipe, RunFolder folder) {
    Origin origin = origin(recipe.model());
    try {
      Path files = Files.createTempDirectory("llavamed-start-");
      try {
        origin.writeFiles(files, DType.F32);
        var preparation =
            PicturePreparation.read(
                files.resolve("preprocessor_config.json"),
                PictureMode.named(recipe.pictures().mode()));
        return new Prepared(recipe, folder, origin, wording(files, origin), preparation);
      } finally {
        WholeFolder.remove(files);
      }
    } catch (IOException e) {
      Path place = Path.of(System.getProperty("java.io.tmpdir"));
      FileError error = FileError.writing(place, e);
      throw TrainingException.invalid(place, error.found(), error.advice(), e);
    }
  }

  private static Wording wording(Path files, Origin origin) throws IOException {
    TokenizerFile tokens = TokenizerFile.read(files);
    Path tokenizer = files.resolve(TokenizerFile.NAME);
    if (!Files.exists(tokenizer)) {
      tokens.write(files);
    }
    int id = origin.config().imageTokenId();
    String picture =
        tokens
            .added(id)
            .orElseThrow(
                () ->
                    TrainingException.invalid(
                        "tokenizer.json of the model",
                        "added_tokens has no token of id %d, the picture token".formatted(id),
                        "Use the tokenizer.json that belongs to its config.json"));
    Path generation = files.resolve("generation_config.json");
    SpecialTokens special =
        SpecialTokens.of(
            Files.exists(generation) ? Json.object(generation) : Json.object(),
            Json.object(files.resolve("config.json")));
    return new Wording(Tokenizer.open(tokenizer), picture, special.with(tokens).begin());
  }

  private static Origin origin(Recipe.Start start) {
    if (start.folder() != null) {
      return Origin.folder(Path.of(start.folder()));
    }
    return start.language() != null && start.vision() != null
        ? Origin.joined(Path.of(start.language()), Path.of(start.vision()), start.projector())
        : Origin.fresh(Path.of(String.valueOf(start.random())));
  }

  private static SampleTokeniser tokeniser(Recipe recipe, Origin origin, Wording wording) {
    int positions = origin.config().vision().tokens();
    return new SampleTokeniser(
        wording.tokenizer(),
        ConversationTemplate.named(recipe.model().template()),
        PictureSlot.of(wording.tokenizer(), wording.picture(), positions),
        OptionalInt.of(wording.begin()),
        recipe.batch().maxLength());
  }

  Origin origin() {
    return origin;
  }

  /** Returns the text of the picture token. */
  String pictureToken() {
    return wording.picture();
  }

  PictureStore pictures() {
    return pictures;
  }

  /**
   * Makes the model, and says what of it learns.
   *
   * @param classes of the pictures, where these are learned instead of answers
   */
  Llava model(Engine engine, Optional<PictureClasses> classes) {
    engine.seed(recipe.seed());
    boolean bf16 = recipe.precision().equals("bf16") && engine.hasBf16();
    Recipe.Start start = recipe.model();
    Llava model =
        origin.open(
            engine, new Llava.Settings(start.dropout(), recipe.gradientCheckpointing(), bf16));
    recipe
        .adapters()
        .map(lora -> new Lora(lora.rank(), lora.alpha(), lora.dropout(), lora.targets()))
        .ifPresent(lora -> model.adapters().add(lora));
    classes.ifPresent(of -> model.tellApart(of.sizes()));
    Set<Part> learning = EnumSet.allOf(Part.class);
    learning.removeIf(part -> Learner.rate(recipe.rates(), part) == 0);
    model.train(learning);
    return model;
  }

  /** Opens the samples to train with. */
  TrainingData training(Reports reports) {
    return open(recipe.data(), reports);
  }

  /** Opens the samples to measure with, where there are some. */
  Optional<TrainingData> validation(Reports reports) {
    return Optional.ofNullable(recipe.validation())
        .map(of -> open(List.of(new Recipe.Source(of.file(), of.pictures(), 1)), reports));
  }

  private TrainingData open(List<Recipe.Source> sources, Reports reports) {
    List<TrainingData.Source> files =
        sources.stream()
            .map(
                source ->
                    new TrainingData.Source(
                        Path.of(source.file()),
                        new PictureFolder(
                            Path.of(source.pictures()), Optional.of(folder.rendered())),
                        source.weight()))
            .toList();
    TrainingData data = TrainingData.open(files, tokeniser, check, reports);
    opened.add(data);
    Arrays.stream(LeftOut.Reason.values()).forEach(reason -> tell(data, reason, reports));
    return data;
  }

  private static void tell(TrainingData data, LeftOut.Reason reason, Reports reports) {
    List<String> out =
        data.leftOut().stream()
            .filter(one -> one.reason() == reason)
            .map(one -> one.detail().isEmpty() ? one.id() : one.id() + ": " + one.detail())
            .collect(Collectors.toList());
    if (!out.isEmpty()) {
      List<String> some = out.stream().limit(EXAMPLES).toList();
      reports.tell(new RunEvent.LeftOut(reason.words(), out.size(), some));
    }
  }

  /** Returns how pictures change from epoch to epoch. */
  Augmentation augmentation() {
    Recipe.Augmented of = recipe.pictures().augmentation();
    return of == null
        ? Augmentation.NONE
        : new Augmentation(of.rotation(), of.crop(), of.brightness(), of.contrast(), of.noise());
  }

  @Override
  public void close() {
    opened.forEach(TrainingData::close);
    wording.tokenizer().close();
  }
}
