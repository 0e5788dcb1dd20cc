package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.Terminal;
import org.llavamed.command.Text;
import org.llavamed.inference.Diagnosis;
import org.llavamed.inference.Diagnosis.Measurement;
import org.llavamed.inference.ModelRuntime;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code llavamed doctor}. */
@Component(scope = ServiceScope.PROTOTYPE)
@CommandLine.Command(
    name = "doctor",
    description =
        "Say what this machine has, what a model needs, whether it runs and on what. Hashes every"
            + " file of the model.")
public final class DoctorCommand implements Command {
  private static final double MEGA = 1e6;
  private static final double GIGA = 1e9;

  private final ModelRuntime runtime;

  @Spec private CommandSpec spec;
  @Mixin private ModelOption model;

  @Option(names = "--json", description = "Print one JSON object.")
  private boolean json;

  /** Takes the service that knows machine and model. */
  @Activate
  public DoctorCommand(@Reference ModelRuntime runtime) {
    this.runtime = runtime;
  }

  /** What {@code --json} prints. */
  record Output(
      Path folder,
      boolean healthy,
      Diagnosis.Machine machine,
      Diagnosis.Engine engine,
      Diagnosis.@Nullable Model model,
      List<String> problems,
      List<String> remarks,
      String notice) {
    static Output of(Path folder, Diagnosis diagnosis) {
      return new Output(
          folder,
          diagnosis.healthy(),
          diagnosis.machine(),
          diagnosis.engine(),
          diagnosis.model().orElse(null),
          diagnosis.problems(),
          diagnosis.remarks(),
          ResearchMark.NOTICE);
    }
  }

  @Override
  public Integer call() {
    Path folder = model.folder(spec.commandLine()).orElseGet(runtime::defaultFolder);
    Diagnosis diagnosis = runtime.diagnose(folder);
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      Json.print(out, Output.of(folder, diagnosis));
    } else {
      print(out, folder, diagnosis);
      out.println(ResearchMark.NOTICE);
    }
    return diagnosis.healthy() ? OK : SOME_INPUT_FAILED;
  }

  private static void print(PrintWriter out, Path folder, Diagnosis diagnosis) {
    print(out, diagnosis.machine());
    print(out, diagnosis.engine());
    line(out, "model", folder.toString());
    diagnosis.model().ifPresent(model -> print(out, model));
    diagnosis.remarks().forEach(remark -> line(out, "remark", remark));
    diagnosis.problems().forEach(problem -> line(out, "PROBLEM", problem));
    line(
        out,
        "verdict",
        diagnosis.healthy() ? "the model runs on this machine" : "the model does not run");
  }

  private static void print(PrintWriter out, Diagnosis.Machine machine) {
    line(
        out,
        "processor",
        "%s; %d cores, %d threads may be used; %s"
            .formatted(
                machine.processor(),
                machine.cores(),
                machine.processors(),
                machine.features().isEmpty()
                    ? "features unknown"
                    : String.join(" ", machine.features())));
    line(
        out,
        "memory",
        machine.totalBytes() < 0
            ? "unknown"
            : "%s, %s available"
                .formatted(bytes(machine.totalBytes()), bytes(machine.availableBytes())));
    line(
        out,
        "java",
        "%s; heap up to %s, buffers outside of it up to %s"
            .formatted(machine.java(), bytes(machine.heapBytes()), bytes(machine.bufferBytes())));
  }

  private static void print(PrintWriter out, Diagnosis.Engine engine) {
    line(
        out,
        "engine",
        "%s %s with %s; %d threads, awake for %d us without work"
            .formatted(
                engine.name(),
                engine.version(),
                String.join(", ", engine.providers()),
                engine.threads(),
                engine.spinMicroseconds()));
    line(out, "runs on", engine.used());
  }

  private static void print(PrintWriter out, Diagnosis.Model model) {
    line(out, "name", model.card().name() + " " + model.card().version());
    line(out, "identity", model.card().identity());
    line(out, "precision", model.card().precision());
    line(
        out,
        "files",
        "%d files, %s, every hash is right".formatted(model.files(), bytes(model.fileBytes())));
    Diagnosis.Need need = model.need();
    line(
        out,
        "needs",
        "%s: weights %s, key-value cache %s per 1,000 tokens (room for %d), working memory; %s"
            .formatted(
                bytes(need.peak()),
                bytes(need.weights()),
                bytes(need.cachePerThousandTokens()),
                need.positions(),
                need.fits() ? "it fits" : "it does not fit"));
    new TreeMap<>(model.graphs()).forEach((use, graph) -> line(out, use, graph));
    line(out, "since", model.reason());
    print(out, model.measurements());
    new TreeMap<>(model.selfCheck())
        .forEach((name, value) -> line(out, "self-check", name + " " + value));
  }

  private static void print(PrintWriter out, List<Measurement> measurements) {
    if (measurements.isEmpty()) {
      return;
    }
    Table table =
        new Table(
            "graph", "prefill tok/s", "positions a run", "decode tok/s", "8 together", "picture s");
    for (Measurement one : measurements) {
      table.add(
          one.graph(),
          number(one.prefillTokensPerSecond()),
          one.chunk() > 0 ? Integer.toString(one.chunk()) : "",
          number(one.decodeTokensPerSecond()),
          number(one.togetherTokensPerSecond()),
          number(one.pictureSeconds()));
    }
    table.print(out, Terminal.columns());
  }

  private static String number(double value) {
    return value > 0 ? String.format(Locale.ROOT, value < 10 ? "%.3f" : "%.1f", value) : "";
  }

  private static String bytes(long bytes) {
    return bytes < GIGA
        ? String.format(Locale.ROOT, "%.0f MB", bytes / MEGA)
        : String.format(Locale.ROOT, "%.2f GB", bytes / GIGA);
  }

  private static void line(PrintWriter out, String name, String value) {
    out.println("%-12s %s".formatted(name, Text.line(value)));
  }
}
