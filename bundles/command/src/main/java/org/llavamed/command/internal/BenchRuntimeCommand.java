package org.llavamed.command.internal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.command.internal.PeerFile.PeerFigure;
import org.llavamed.files.FileError;
import org.llavamed.inference.ModelBenchmark;
import org.llavamed.inference.ModelBenchmark.Figure;
import org.llavamed.inference.ModelBenchmark.Plan;
import org.llavamed.inference.ModelBenchmark.Report;
import org.llavamed.inference.ModelRuntime;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code llavamed bench runtime}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=bench")
@CommandLine.Command(
    name = "runtime",
    description =
        "Measure how fast models run, and print JSON: prompts and answers, one and several at a"
            + " time, many questions of one prefix, the vision tower, what Java costs, memory."
            + " Nothing else should run on the machine.")
public final class BenchRuntimeCommand implements Command {
  private final ModelBenchmark benchmark;
  private final ModelRuntime runtime;

  @Spec private CommandSpec spec;

  @Option(
      names = "--model",
      paramLabel = "DIR",
      description = "Model folder; may be given several times (default: the configured model).")
  private List<Path> folders = List.of();

  @Option(
      names = "--peers",
      paramLabel = "FILE",
      description =
          "What the scripts of docs/performance.md printed of other programs: ratios are printed"
              + " too. May be given several times.")
  private List<Path> peers = List.of();

  @Option(
      names = "--repeats",
      paramLabel = "N",
      defaultValue = "5",
      description = "How often each measurement is made; medians are shown (default: 5).")
  private int repeats;

  @Option(names = "--busy", description = "Decode also while a thread keeps one processor busy.")
  private boolean busy;

  /** Takes the services that measure and know the default model. */
  @Activate
  public BenchRuntimeCommand(@Reference ModelBenchmark benchmark, @Reference ModelRuntime runtime) {
    this.benchmark = benchmark;
    this.runtime = runtime;
  }

  /**
   * How fast a model is beside another program.
   *
   * @param model folder
   * @param peer name of the program
   * @param figure what was compared
   * @param unit tokens/s, or s
   * @param ours median
   * @param theirs median
   * @param ratio ours / theirs, with seconds theirs / ours: above 1 is faster
   */
  record Ratio(
      String model,
      String peer,
      String figure,
      String unit,
      double ours,
      double theirs,
      double ratio) {
    private boolean isOf(PeerFigure one) {
      return peer.equals(one.peer()) && figure.equals(one.figure()) && unit.equals(one.unit());
    }
  }

  /**
   * What is printed.
   *
   * @param models in the order in which they were named
   * @param ratios of each model and peer
   */
  record Output(List<Report> models, List<Ratio> ratios, String notice) {}

  @Override
  public Integer call() {
    if (repeats < 1) {
      throw wrong("--repeats is %d, expected 1 or more".formatted(repeats));
    }
    for (Path folder : folders) {
      if (!Files.isDirectory(folder)) {
        throw wrong("--model %s: no such folder".formatted(folder));
      }
    }
    List<PeerFigure> theirs = new ArrayList<>();
    peers.forEach(file -> theirs.addAll(read(file)));
    List<Report> reports = new ArrayList<>();
    List<Ratio> ratios = new ArrayList<>();
    try (var progress = new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent())) {
      for (Path folder : folders.isEmpty() ? List.of(runtime.defaultFolder()) : folders) {
        Report report = benchmark.measure(folder, new Plan(repeats, busy), progress);
        reports.add(report);
        ratios.addAll(ratios(folder, report, theirs));
      }
    }
    theirs.stream()
        .filter(one -> ratios.stream().noneMatch(ratio -> ratio.isOf(one)))
        .map(one -> "no model has the figure '%s' of %s.".formatted(one.figure(), one.peer()))
        .forEach(this::warn);
    Json.print(spec.commandLine().getOut(), new Output(reports, ratios, ResearchMark.NOTICE));
    return OK;
  }

  private List<PeerFigure> read(Path file) {
    try {
      PeerFile read = PeerFile.read(file);
      if (read.figures().isEmpty()) {
        throw wrong(
            "--peers %s: no line reads %s, as the scripts in docs/performance.md print"
                .formatted(file, PeerFile.FORMS));
      }
      read.unread().forEach(line -> warn("%s, not read: %s".formatted(file, line)));
      return read.figures();
    } catch (IOException e) {
      throw wrong("--peers %s: %s".formatted(file, FileError.reading(file, e)));
    }
  }

  private void warn(String sentence) {
    spec.commandLine().getErr().println("llavamed: " + sentence);
  }

  private ParameterException wrong(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  private static List<Ratio> ratios(Path folder, Report report, List<PeerFigure> theirs) {
    List<Ratio> ratios = new ArrayList<>();
    for (PeerFigure one : theirs) {
      for (Figure figure : report.figures()) {
        if (figure.name().equals(one.figure()) && figure.unit().equals(one.unit())) {
          ratios.add(
              new Ratio(
                  folder.toString(),
                  one.peer(),
                  figure.name(),
                  figure.unit(),
                  figure.median(),
                  one.median(),
                  one.ratio(figure.median())));
        }
      }
    }
    return ratios;
  }
}
