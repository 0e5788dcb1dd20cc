package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.inference.RandomModels;
import org.llavamed.inference.RandomModels.RandomModel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code llavamed model random}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=model")
@CommandLine.Command(
    name = "random",
    description =
        "Make a model of random weights, which is as large and as fast as a model of its shape and"
            + " says nothing sensible: to measure with.")
public final class RandomCommand implements Command {
  private final RandomModels models;

  @Spec private CommandSpec spec;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      required = true,
      description = "llava-tiny, llama-tiny, clip-l-336, tinyllama-1.1b or mistral-7b.")
  private String shape;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The folder to make; must not exist or be empty.")
  private Path out;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "0",
      description = "Of the random numbers (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Option(
      names = "--checkpoint",
      description =
          "Make a Hugging Face checkpoint of float16 instead of a model folder, for other programs.")
  private boolean checkpoint;

  @Mixin private PrecisionOptions precision;

  /** Takes the service that does the work. */
  @Activate
  public RandomCommand(@Reference RandomModels models) {
    this.models = models;
  }

  @Override
  public Integer call() {
    if (!models.shapes().contains(shape)) {
      throw new ParameterException(
          spec.commandLine(),
          "--shape is %s, expected one of %s".formatted(shape, models.shapes()));
    }
    if (checkpoint && precision.given()) {
      throw new ParameterException(
          spec.commandLine(),
          "--checkpoint makes float16 alone; leave out the options of precisions");
    }
    RandomModel model = new RandomModel(shape, seed, out, precision.precisions(spec.commandLine()));
    PrintWriter output = spec.commandLine().getOut();
    try (var progress = new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent())) {
      if (checkpoint) {
        models.makeCheckpoint(model, progress);
        progress.println("made " + out);
        output.println(ResearchMark.NOTICE);
      } else {
        ShowCommand.print(output, out, models.makeModel(model, progress), Map.of());
      }
    }
    return OK;
  }
}
