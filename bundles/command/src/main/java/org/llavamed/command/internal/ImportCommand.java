package org.llavamed.command.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelImporter;
import org.llavamed.inference.Precision;
import org.llavamed.inference.Precisions;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed model import}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=model")
@CommandLine.Command(
    name = "import",
    description =
        "Turn a Hugging Face LLaVA checkpoint (config.json, safetensors, tokenizer.json,"
            + " preprocessor_config.json) into a model folder.")
public final class ImportCommand implements Command {
  private final ModelImporter importer;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "CHECKPOINT", description = "The checkpoint's folder.")
  private Path checkpoint;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The model folder to make; must not exist or be empty.")
  private Path out;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "fp32",
      description = "fp32 or int8 (default: ${DEFAULT-VALUE}).")
  private Precision precision;

  /** Takes the service that does the work. */
  @Activate
  public ImportCommand(@Reference ModelImporter importer) {
    this.importer = importer;
  }

  @Override
  public Integer call() {
    if (!Files.isDirectory(checkpoint)) {
      throw new ParameterException(spec.commandLine(), checkpoint + ": no such folder");
    }
    ModelCard card;
    try (var progress = new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent())) {
      card =
          importer.importCheckpoint(
              ImportRequest.of(checkpoint, out, Precisions.of(precision)), progress);
    }
    var output = spec.commandLine().getOut();
    ShowCommand.print(output, out, card);
    output.println(ResearchMark.NOTICE);
    return OK;
  }
}
