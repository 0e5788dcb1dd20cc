package org.llavamed.evaluation.internal;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.command.Text;
import org.llavamed.data.VqaQuestion;
import org.llavamed.data.WholeFile;
import org.llavamed.evaluation.internal.CasePage.Case;
import org.llavamed.evaluation.internal.ChatReport.Judged;
import org.llavamed.inference.Generation;
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

/** {@code llavamed evaluate chat}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=evaluate")
@CommandLine.Command(
    name = "chat",
    description = {
      "Ask a model the questions of a chat evaluation, and have a judge compare its answers with"
          + " the reference answers: the model's score by the reference's, in percent.",
      "An interrupted run goes on where it was; no verdict is asked for twice."
    })
public final class ChatCommand implements Command {
  /** Descriptions are longer than answers to closed questions. */
  private static final int MOST_TOKENS = 1024;

  private final ModelRuntime runtime;
  private final PictureSource reader;
  private final Map<String, String> environment;

  @Spec private CommandSpec spec;

  @Mixin private AskingOptions asking;

  @Mixin private ChatOptions options;

  /** Takes the services that answer and read pictures. */
  @Activate
  public ChatCommand(@Reference ModelRuntime runtime, @Reference PictureSource reader) {
    this(runtime, reader, System.getenv());
  }

  ChatCommand(ModelRuntime runtime, PictureSource reader, Map<String, String> environment) {
    this.runtime = runtime;
    this.reader = reader;
    this.environment = environment;
  }

  @Override
  public Integer call() {
    asking.expectSense(spec.commandLine());
    options.expectSense(spec.commandLine(), asking);
    Generation generation = asking.generation(spec.commandLine(), MOST_TOKENS);
    List<ChatQuestion> questions = options.questions();
    OutputFile.makeFolder(asking.out());
    Map<String, String> about = new LinkedHashMap<>();
    List<String> failures = new ArrayList<>();
    about.put("questions_of", options.file());
    try (Judge judge = options.judge(spec.commandLine(), environment);
        var progress = new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent())) {
      List<VqaQuestion> asked = questions.stream().map(ChatQuestion::question).toList();
      List<Answered> answers =
          options
              .answers()
              .map(file -> given(Matching.of(file, AnswerFile.read(file), asked), about, failures))
              .orElseGet(() -> asked(asked, generation, progress, about, failures));
      List<Judged> judged = judge(judge, questions, answers, progress, about, failures);
      if (judged.isEmpty()) {
        throw JudgeException.unusable(
            options.file(), "no answer could be judged", "See what is said above of each");
      }
      write(new ChatReport(about, judged, judge.isComparable(), asking.bootstrap(), failures));
    } finally {
      failures.forEach(this::warn);
    }
    return failures.isEmpty() ? OK : SOME_INPUT_FAILED;
  }

  private static List<Answered> given(
      Matching matching, Map<String, String> about, List<String> failures) {
    about.put("matching", matching.method());
    if (matching.unanswered() > 0) {
      failures.add("%d questions have no answer.".formatted(matching.unanswered()));
    }
    return matching.answered();
  }

  private List<Answered> asked(
      List<VqaQuestion> questions,
      Generation generation,
      ProgressDisplay progress,
      Map<String, String> about,
      List<String> failures) {
    try (VisionLanguageModel open =
        runtime.open(asking.model().orElseGet(runtime::defaultFolder))) {
      about.put("model", ModelRound.words(open.card()));
      about.put("model_id", open.card().identity());
      about.put("generation", ModelRound.words(generation));
      return new ModelRound(open, generation, asking, questions, progress, failures::add)
          .answers("own picture", new Sights(questions, reader::read).own(), "chat-answers.jsonl");
    }
  }

  private List<Judged> judge(
      Judge judge,
      List<ChatQuestion> questions,
      List<Answered> answers,
      ProgressDisplay progress,
      Map<String, String> about,
      List<String> failures) {
    Map<String, String> texts =
        answers.stream().collect(Collectors.toMap(one -> one.question().id(), Answered::text));
    List<Judged> judged = new ArrayList<>();
    try (VerdictStore store = VerdictStore.open(asking.out().resolve("verdicts.jsonl"))) {
      int done = 0;
      for (ChatQuestion question : questions) {
        Optional.ofNullable(texts.get(question.question().id()))
            .flatMap(answer -> judge(judge, store, question, answer, failures))
            .ifPresent(judged::add);
        progress.at("judging", ++done, questions.size());
      }
      describe(judge, store, about);
    }
    return judged;
  }

  private Optional<Judged> judge(
      Judge judge,
      VerdictStore store,
      ChatQuestion question,
      String answer,
      List<String> failures) {
    String reference = question.question().answer();
    try {
      Verdict verdict = store.verdict(judge, question, reference, answer);
      if (!options.bothOrders()) {
        return Optional.of(new Judged(question, answer, verdict.first(), verdict.second()));
      }
      Verdict swapped = store.verdict(judge, question, answer, reference);
      return Optional.of(
          new Judged(
              question,
              answer,
              (verdict.first() + swapped.second()) / 2,
              (verdict.second() + swapped.first()) / 2));
    } catch (JudgeException e) {
      if (!e.isOfOneAnswer()) {
        throw e;
      }
      failures.add(String.valueOf(e.getMessage()));
      return Optional.empty();
    }
  }

  private void describe(Judge judge, VerdictStore store, Map<String, String> about) {
    Judge.Spending spending = judge.spending();
    about.put("judge", judge.name());
    about.put("order", options.bothOrders() ? "both, means taken" : "the reference answer first");
    about.put("requests", Long.toString(spending.requests()));
    about.put("verdicts_known", Long.toString(store.known()));
    about.put("tokens_in", Long.toString(spending.tokensIn()));
    about.put("tokens_out", Long.toString(spending.tokensOut()));
    options
        .cost(spending)
        .ifPresent(cost -> about.put("cost", String.format(Locale.ROOT, "%.4f", cost)));
  }

  private void write(ChatReport report) {
    ObjectNode object = report.json();
    WholeFile.write(asking.out().resolve("chat.json"), object.toPrettyString() + "\n");
    WholeFile.write(asking.out().resolve("chat.html"), page(report));
    PrintWriter printer = spec.commandLine().getOut();
    if (asking.json()) {
      printer.println(object.toPrettyString());
      return;
    }
    report
        .about()
        .forEach((name, value) -> printer.println("%-14s %s".formatted(name, Text.line(value))));
    printer.println();
    printer.println(report.grid().title());
    report.grid().lines().forEach(printer::println);
    printer.println();
    printer.println("Cases with their pictures: " + asking.out().resolve("chat.html"));
    printer.println(ResearchMark.NOTICE);
  }

  private String page(ChatReport report) {
    List<Case> cases = report.judged().stream().map(ChatCommand::of).toList();
    return Html.page(
        "Evaluation: chat",
        Html.pairs(report.about())
            + Html.table(report.grid())
            + Html.list("Not asked or not judged", report.failures())
            + new CasePage(reader::read).worstAndBest(cases));
  }

  private static Case of(Judged one) {
    Map<String, String> said = new LinkedHashMap<>();
    said.put("question " + one.question().question().id(), one.question().question().question());
    said.put("reference", one.question().question().answer());
    said.put("answer", one.answer());
    said.put("scores", String.format(Locale.ROOT, "%.1f and %.1f", one.reference(), one.model()));
    return new Case(one.question().question(), said, one.ratio(), 0);
  }

  private void warn(String sentence) {
    spec.commandLine().getErr().println("llavamed: " + Text.printable(sentence));
  }
}
