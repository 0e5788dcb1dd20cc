package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.inference.Diagnosis;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelRuntime;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed model show}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=model")
@CommandLine.Command(
    name = "show",
    description =
        "Check the hash of every file of a model, print what it is and what keeps it from running.")
public final class ShowCommand implements Command {
  private final ModelRuntime runtime;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "DIR",
      arity = "0..1",
      description = "Model folder (default: the configured model).")
  private @Nullable Path folder;

  /** Takes the service that knows models. */
  @Activate
  public ShowCommand(@Reference ModelRuntime runtime) {
    this.runtime = runtime;
  }

  @Override
  public Integer call() {
    if (folder != null && !Files.isDirectory(folder)) {
      throw new ParameterException(spec.commandLine(), folder + ": no such folder");
    }
    Path shown = folder == null ? runtime.defaultFolder() : folder;
    PrintWriter out = spec.commandLine().getOut();
    Diagnosis diagnosis = runtime.diagnose(shown);
    diagnosis.model().ifPresent(model -> print(out, shown, model.card(), model.selfCheck()));
    PrintWriter err = spec.commandLine().getErr();
    diagnosis.problems().forEach(problem -> err.println("llavamed: " + Text.line(problem)));
    return diagnosis.healthy() ? OK : SOME_INPUT_FAILED;
  }

  /** Prints a card and the results of a self-check, one line each, and the notice. */
  static void print(PrintWriter out, Path folder, ModelCard card, Map<String, String> selfCheck) {
    line(out, "folder", folder.toString());
    line(out, "name", card.name());
    line(out, "version", card.version());
    line(out, "identity", card.identity());
    line(out, "precision", card.precision());
    line(out, "template", card.template());
    line(out, "preparation", card.preparation());
    line(out, "licence", card.licence());
    line(out, "source", card.source());
    new TreeMap<>(selfCheck).forEach((name, value) -> line(out, "self-check", name + " " + value));
    out.println(ResearchMark.NOTICE);
  }

  private static void line(PrintWriter out, String name, String value) {
    out.println("%-12s %s".formatted(name, Text.line(value)));
  }
}
