package org.llavamed.data.internal;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.data.CaptionSamples;
import org.llavamed.data.CaptionSamples.Counts;
import org.llavamed.data.Instructions;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed data captions}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=data")
@CommandLine.Command(
    name = "captions",
    description =
        "Turn pictures with captions into samples for concept alignment: a request for a"
            + " description, answered by the caption. A caption of fewer than "
            + Instructions.BRIEF_BELOW
            + " words answers a request for brevity, another one a request for detail.")
public final class CaptionsCommand implements Command {
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PAIRS",
      description = "JSON list or JSON lines of {\"id\", \"image\", \"caption\"}.")
  private Path pairs;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      required = true,
      description = "The file of samples to make; must not exist.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the choice among requests (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(names = "--json", description = "Print the counts as JSON.")
  private boolean json;

  @Override
  public Integer call() {
    if (Files.exists(out)) {
      throw new ParameterException(
          spec.commandLine(), "--out %s: is there already. Name another file".formatted(out));
    }
    Counts counts = CaptionSamples.convert(pairs, out, seed);
    PrintWriter output = spec.commandLine().getOut();
    if (json) {
      output.printf(
          "{\"detailed\": %d, \"brief\": %d, \"mark\": \"%s\"}%n",
          counts.detailed(), counts.brief(), ResearchMark.NOTICE);
    } else {
      output.printf(
          "%s: %s, %d that ask for detail, %d for brevity%n",
          Text.line(out.toString()),
          Text.count(counts.detailed() + counts.brief(), "sample", "samples"),
          counts.detailed(),
          counts.brief());
      output.println(ResearchMark.NOTICE);
    }
    return OK;
  }
}
