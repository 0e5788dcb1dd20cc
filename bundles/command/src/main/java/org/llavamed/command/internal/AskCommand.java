package org.llavamed.command.internal;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CancellationException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.internal.PictureFile.Loaded;
import org.llavamed.inference.Answer;
import org.llavamed.inference.Answer.ChoiceProbability;
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
      "Ask a model about one picture: DICOM, PNG, JPEG, TIFF, GIF or BMP.",
      "The first line of the output is the answer."
    })
public final class AskCommand implements Command {
  private final PictureFile pictures;
  private final ModelRuntime runtime;

  @Spec private CommandSpec spec;
  @Mixin private ModelOption model;

  @Parameters(index = "0", paramLabel = "PICTURE", description = "The picture.")
  private Path picture;

  @Parameters(index = "1", paramLabel = "QUESTION", description = "What is asked, as one argument.")
  private String question;

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
  record Output(
      String picture,
      int frame,
      int frames,
      String rendering,
      String question,
      String answer,
      double probability,
      List<ChoiceProbability> choices,
      Answer.StopReason stop,
      int promptTokens,
      int answerTokens,
      double seconds,
      ModelCard model,
      String notice) {}

  @Override
  public Integer call() {
    Query query = query();
    Path folder = model.folder(spec.commandLine()).orElseGet(runtime::defaultFolder);
    Loaded loaded =
        pictures.load(picture, frame == null ? OptionalInt.empty() : OptionalInt.of(frame - 1));
    PrintWriter out = spec.commandLine().getOut();
    boolean stream = Terminal.isPresent() && !json && choices.isEmpty();
    try (VisionLanguageModel open = runtime.open(folder);
        EncodedPicture encoded = open.encode(loaded.rendered().picture())) {
      long begin = System.nanoTime();
      Answer answer = encoded.answer(query, stream ? new Stream(out) : text -> {});
      double seconds = (System.nanoTime() - begin) / 1e9;
      if (json) {
        Json.print(out, output(loaded, answer, open.card(), seconds));
      } else {
        out.println(stream ? "" : Text.line(answer.text()));
        out.println(ResearchMark.NOTICE);
      }
    }
    return OK;
  }

  private Query query() {
    if (question.isBlank()) {
      throw new ParameterException(spec.commandLine(), "The question is blank");
    }
    if (choices.size() == 1 || choices.stream().anyMatch(String::isBlank)) {
      throw new ParameterException(
          spec.commandLine(), "--choices needs at least two answers, separated by commas");
    }
    if (!Files.exists(picture)) {
      throw new ParameterException(spec.commandLine(), picture + ": no such file");
    }
    return Query.choice(question, choices.stream().map(String::strip).toList());
  }

  private Output output(Loaded loaded, Answer answer, ModelCard card, double seconds) {
    return new Output(
        picture.toString(),
        loaded.frame() + 1,
        loaded.frames(),
        loaded.rendered().rendering().description(),
        question,
        answer.text(),
        answer.probability(),
        answer.choices(),
        answer.stop(),
        answer.promptTokens(),
        answer.tokens().size(),
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
