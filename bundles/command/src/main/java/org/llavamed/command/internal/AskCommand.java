package org.llavamed.command.internal;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.Terminal;
import org.llavamed.command.Text;
import org.llavamed.command.internal.PictureFile.Loaded;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.ChoiceProbability;
import org.llavamed.inference.Answer.StopReason;
import org.llavamed.inference.EncodedPicture;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.Query;
import org.llavamed.inference.VisionLanguageModel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed ask}. */
@Component(scope = ServiceScope.PROTOTYPE)
@CommandLine.Command(
    name = "ask",
    description = {
      "Ask a model about one picture: DICOM, PNG, JPEG, TIFF, GIF or BMP. With --no-picture, ask"
          + " without one: the only argument is the question then.",
      "The first line of the output is the answer."
    })
public final class AskCommand implements Command {
  private final PictureFile pictures;
  private final ModelRuntime runtime;

  @Spec private CommandSpec spec;
  @Mixin private ModelOption model;

  @Mixin private GenerationOptions options;

  @Parameters(
      arity = "0..*",
      paramLabel = "PICTURE QUESTION",
      hideParamSyntax = true,
      description = "The picture, and what is asked, as one argument.")
  private List<String> arguments = List.of();

  @Option(names = "--no-picture", description = "Ask without a picture.")
  private boolean noPicture;

  @Option(
      names = "--choices",
      paramLabel = "TEXT",
      split = ",",
      description = "Take the most probable of these answers; separated by commas.")
  private List<String> choices = List.of();

  @Option(
      names = "--frame",
      paramLabel = "N",
      description = "Frame of a multi-frame file, from 1 (default: the middle one).")
  private @Nullable Integer frame;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** Takes the services that make the picture and answer. */
  @Activate
  public AskCommand(@Reference PictureFile pictures, @Reference ModelRuntime runtime) {
    this.pictures = pictures;
    this.runtime = runtime;
  }

  /** What {@code --json} prints. */
  @JsonPropertyOrder(alphabetic = false)
  @JsonInclude(JsonInclude.Include.NON_NULL)
  record Output(
      @Nullable String picture,
      @Nullable Integer frame,
      @Nullable Integer frames,
      @Nullable String rendering,
      String question,
      String answer,
      double probability,
      List<ChoiceProbability> choices,
      StopReason stop,
      int promptTokens,
      int answerTokens,
      List<Double> logProbabilities,
      double seconds,
      ModelCard model,
      String notice) {}

  @Override
  public Integer call() {
    Query query = query();
    Path folder = model.folder(spec.commandLine()).orElseGet(runtime::defaultFolder);
    Loaded loaded = noPicture ? null : load();
    PrintWriter out = spec.commandLine().getOut();
    boolean stream = Terminal.isPresent() && !json && choices.isEmpty();
    try (VisionLanguageModel open = runtime.open(folder);
        EncodedPicture encoded = encode(open, loaded)) {
      long begin = System.nanoTime();
      Answer answer = encoded.answer(query, stream ? new Stream(out) : text -> {});
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (json) {
        Json.print(out, output(query, loaded, answer, open.card(), seconds));
      } else {
        out.println(stream ? "" : line(query, answer));
        out.println(ResearchMark.NOTICE);
      }
      return isWhole(query, answer) ? OK : SOME_INPUT_FAILED;
    }
  }

  private Loaded load() {
    return pictures.load(
        picture(), frame == null ? OptionalInt.empty() : OptionalInt.of(frame - 1));
  }

  private static EncodedPicture encode(VisionLanguageModel model, @Nullable Loaded loaded) {
    return loaded == null ? model.withoutPicture() : model.encode(loaded.rendered().picture());
  }

  /** Returns the answer on one line; JSON has no line breaks, and its blanks count. */
  private static String line(Query query, Answer answer) {
    return query.jsonSchema().isEmpty() ? Text.line(answer.text()) : Text.printable(answer.text());
  }

  /** Says where an answer was cut that was to be JSON. */
  private boolean isWhole(Query query, Answer answer) {
    String text = answer.text();
    // Further digits could follow: only the end of the answer says that a number is whole.
    boolean number = !text.isEmpty() && Character.isDigit(text.charAt(text.length() - 1));
    boolean open = number && answer.stop() != StopReason.END_OF_SEQUENCE;
    if (query.jsonSchema().isEmpty() || (Json.isValue(text) && !open)) {
      return true;
    }
    spec.commandLine()
        .getErr()
        .println(
            "llavamed: the answer is cut after %d tokens, before its JSON is whole. Allow more with --max-new-tokens, or ask for less in one answer."
                .formatted(answer.tokens().size()));
    return false;
  }

  private Query query() {
    expectArguments();
    String question = arguments.get(arguments.size() - 1);
    if (question.isBlank()) {
      throw usage("The question is blank");
    }
    if (choices.size() == 1 || choices.stream().anyMatch(String::isBlank)) {
      throw usage("--choices needs at least two answers, separated by commas");
    }
    if (!choices.isEmpty() && options.given()) {
      throw usage(
          "--choices takes one of the answers as it is; leave out the options that say how an"
              + " answer is written");
    }
    if (!noPicture && !Files.exists(picture())) {
      throw usage(arguments.get(0) + ": there is no such file. Check the path");
    }
    return new Query(
        question,
        choices.stream().map(String::strip).toList(),
        options.jsonSchema(spec.commandLine()),
        options.generation(spec.commandLine()));
  }

  private Path picture() {
    try {
      return Path.of(arguments.get(0));
    } catch (InvalidPathException e) {
      throw usage(arguments.get(0) + ": no file name");
    }
  }

  private void expectArguments() {
    if (arguments.isEmpty()) {
      throw usage(
          noPicture
              ? "Missing required parameter: 'QUESTION'"
              : "Missing required parameters: 'PICTURE', 'QUESTION'");
    }
    if (!noPicture && arguments.size() == 1) {
      throw usage("Missing required parameter: 'QUESTION'");
    }
    if (!noPicture && arguments.size() > 2) {
      throw usage("Write the picture and the question as one argument each, in quotes");
    }
    if (noPicture && (arguments.size() > 1 || frame != null)) {
      throw usage("--no-picture asks without a picture: name the question alone, without --frame");
    }
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private Output output(
      Query query, @Nullable Loaded loaded, Answer answer, ModelCard card, double seconds) {
    return new Output(
        loaded == null ? null : arguments.get(0),
        loaded == null ? null : loaded.frame() + 1,
        loaded == null ? null : loaded.frames(),
        loaded == null ? null : loaded.rendered().rendering().description(),
        query.question(),
        answer.text(),
        answer.probability(),
        answer.choices(),
        answer.stop(),
        answer.promptTokens(),
        answer.tokens().size(),
        answer.logProbabilities(),
        seconds,
        card,
        ResearchMark.NOTICE);
  }

  /** Prints the answer on one line as it grows. */
  private static final class Stream implements Consumer<String> {
    private final PrintWriter out;
    private boolean begun;

    Stream(PrintWriter out) {
      this.out = out;
    }

    @Override
    public void accept(String piece) {
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted");
      }
      String text = Text.printable(piece.replaceAll("\\s", " "));
      String shown = begun ? text : text.stripLeading();
      begun |= !shown.isEmpty();
      out.print(shown);
      out.flush();
    }
  }
}
