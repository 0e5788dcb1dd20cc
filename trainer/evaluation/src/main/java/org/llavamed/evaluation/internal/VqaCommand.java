package org.llavamed.evaluation.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.command.Text;
import org.llavamed.data.DataException;
import org.llavamed.data.VqaQuestion;
import org.llavamed.data.WholeFile;
import org.llavamed.inference.Generation;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelRuntime;
import org.llavamed.inference.VisionLanguageModel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code llavamed evaluate vqa}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=evaluate")
@CommandLine.Command(
    name = "vqa",
    description = {
      "Ask a model the questions of a data set and score its answers: the published scores, and"
          + " closed_exact and open_f1, which wrong and repeated words lower; with bounds, and"
          + " beside what is had without the picture or without a model.",
      "An interrupted run goes on where it was."
    })
public final class VqaCommand implements Command {
  /** How many are printed; the files have all. */
  private static final int MOST_FAILURES = 10;

  private final ModelRuntime runtime;
  private final PictureSource reader;

  @Spec private CommandSpec spec;

  @Mixin private AskingOptions asking;

  @Mixin private VqaOptions options;

  /** Takes the services that answer and read pictures. */
  @Activate
  public VqaCommand(@Reference ModelRuntime runtime, @Reference PictureSource reader) {
    this.runtime = runtime;
    this.reader = reader;
  }

  @Override
  public Integer call() {
    asking.expectSense(spec.commandLine());
    options.expectSense(spec.commandLine(), asking);
    VqaPlan plan = options.plan(spec.commandLine(), asking.bootstrap());
    Generation generation = asking.generation(spec.commandLine(), 1);
    OutputFile.makeFolder(asking.out());
    var evaluation = new VqaEvaluation(plan);
    VqaReport report =
        options
            .metricsOnly()
            .map(file -> given(plan, evaluation, file))
            .orElseGet(() -> asked(plan, evaluation, generation));
    write(report);
    return report.failures().isEmpty() ? OK : SOME_INPUT_FAILED;
  }

  /** Scores the answers of a file. */
  private VqaReport given(VqaPlan plan, VqaEvaluation evaluation, Path file) {
    Matching matching = Matching.of(file, AnswerFile.read(file), plan.questions());
    if (plan.controls().stream().anyMatch(Control::needsModel)) {
      evaluation.note(
          "The controls blank, noise and other_picture ask a model: they are not made for the"
              + " answers of a file.");
    }
    evaluation.about("answers", file.toString());
    evaluation.about("matching", matching.method());
    if (matching.unanswered() > 0) {
      evaluation.fail(
          "%s: %d of %d questions have no answer; they are not scored."
              .formatted(file, matching.unanswered(), plan.questions().size()));
    }
    return evaluation.report(matching.answered(), Map.of());
  }

  /** Asks a model, and scores its answers. */
  private VqaReport asked(VqaPlan plan, VqaEvaluation evaluation, Generation generation) {
    List<VqaQuestion> questions = plan.questions();
    var sights = new Sights(questions, reader::read);
    Map<Control, List<Answered>> seen = new EnumMap<>(Control.class);
    List<Answered> answers;
    try (var progress = new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent());
        VisionLanguageModel open = runtime.open(asking.model().orElseGet(runtime::defaultFolder))) {
      describe(open.card(), generation, evaluation);
      var round = new ModelRound(open, generation, asking, questions, progress, evaluation::fail);
      answers = round.answers("own picture", sights.own(), "answers.jsonl");
      for (Control control : plan.controls()) {
        if (control == Control.OTHER_PICTURE && sights.pictures() < 2) {
          evaluation.note("The split has one picture: there is no other one to show.");
        } else if (control.needsModel()) {
          seen.put(
              control,
              round.answers(
                  control.toString(), sights.of(control), "answers-%s.jsonl".formatted(control)));
        }
      }
    }
    if (answers.isEmpty()) {
      throw DataException.invalid(
          plan.data(),
          "none of its questions could be asked: " + evaluation.failure(),
          "Mend this, and run again");
    }
    return evaluation.report(answers, seen);
  }

  private static void describe(ModelCard card, Generation generation, VqaEvaluation evaluation) {
    evaluation.about("model", ModelRound.words(card));
    evaluation.about("model_id", card.identity());
    evaluation.about("generation", ModelRound.words(generation));
    evaluation.about("matching", "asked here: by id");
  }

  private void write(VqaReport report) {
    String object = VqaJson.text(report);
    WholeFile.write(asking.out().resolve("scores.json"), object + "\n");
    WholeFile.write(asking.out().resolve("report.html"), new VqaPage(reader::read).text(report));
    PrintWriter printer = spec.commandLine().getOut();
    report.notes().forEach(this::warn);
    report.failures().stream().limit(MOST_FAILURES).forEach(this::warn);
    if (report.failures().size() > MOST_FAILURES) {
      warn(
          "%d more could not be scored: %s names them all."
              .formatted(
                  report.failures().size() - MOST_FAILURES, asking.out().resolve("scores.json")));
    }
    if (asking.json()) {
      printer.println(object);
      return;
    }
    report
        .about()
        .forEach((name, value) -> printer.println("%-11s %s".formatted(name, Text.line(value))));
    for (Grid grid : VqaGrids.of(report)) {
      printer.println();
      printer.println(grid.title());
      grid.lines().forEach(printer::println);
    }
    printer.println();
    printer.println("Cases with their pictures: " + asking.out().resolve("report.html"));
    printer.println(ResearchMark.NOTICE);
  }

  private void warn(String sentence) {
    spec.commandLine().getErr().println("llavamed: " + Text.printable(sentence));
  }
}
