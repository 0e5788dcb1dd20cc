package org.llavamed.command.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
import org.llavamed.inference.ImportRequest;
import org.llavamed.inference.ModelCard;
import org.llavamed.inference.ModelImporter;
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

/** {@code llavamed model import}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=model")
@CommandLine.Command(
    name = "import",
    description =
        "Turn a checkpoint (config.json, safetensors, tokenizer) of LLaVA, LLaVA-Med v1.0 or v1.5,"
            + " LLaMA or Mistral into a model folder.")
public final class ImportCommand implements Command {
  private final ModelImporter importer;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "CHECKPOINT",
      arity = "0..1",
      description = "The checkpoint's folder; left out where --delta and --base are given.")
  private @Nullable Path checkpoint;

  @Option(
      names = "--delta",
      paramLabel = "DIR",
      description = "Folder of deltas that are added to the weights in --base.")
  private @Nullable Path delta;

  @Option(
      names = "--base",
      paramLabel = "DIR",
      description = "Folder of the checkpoint that the deltas were made from.")
  private @Nullable Path base;

  @Option(
      names = "--vision-tower",
      paramLabel = "DIR",
      description = "Folder of the CLIP tower, where a LLaVA-Med checkpoint does not hold it.")
  private @Nullable Path visionTower;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      required = true,
      description = "The model folder to make; must not exist or be empty.")
  private Path out;

  @Option(
      names = "--template",
      paramLabel = "NAME",
      description =
          "Conversation template: mistral_instruct, vicuna_v1, llava_med_v1_trained,"
              + " llava_med_v1_released or plain (default: found in the checkpoint).")
  private @Nullable String template;

  @Mixin private PrecisionOptions precision;

  @Option(
      names = "--any-quality",
      description = "Keep the model even where its answers stray too far from the checkpoint's.")
  private boolean anyQuality;

  /** Takes the service that does the work. */
  @Activate
  public ImportCommand(@Reference ModelImporter importer) {
    this.importer = importer;
  }

  @Override
  public Integer call() {
    ImportRequest request = request();
    ModelCard card;
    try (var progress = new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent())) {
      card = importer.importCheckpoint(request, progress);
    }
    ShowCommand.print(spec.commandLine().getOut(), out, card, Json.selfCheck(out));
    return OK;
  }

  private ImportRequest request() {
    Path folder = checkpoint == null ? delta : checkpoint;
    if (folder == null) {
      throw usage("CHECKPOINT is missing; name a checkpoint's folder, or --delta and --base");
    }
    if (checkpoint != null && delta != null) {
      throw usage("CHECKPOINT and --delta are both given; name one of them");
    }
    if ((delta == null) != (base == null)) {
      throw usage(
          delta == null
              ? "--base is given without --delta; name both or none"
              : "--delta is given without --base; name both or none");
    }
    return new ImportRequest(
        folder(folder).orElseThrow(),
        folder(base),
        folder(visionTower),
        out,
        Optional.ofNullable(template),
        precision.precisions(spec.commandLine()),
        anyQuality);
  }

  private Optional<Path> folder(@Nullable Path folder) {
    if (folder != null && !Files.isDirectory(folder)) {
      throw usage(folder + ": no such folder");
    }
    return Optional.ofNullable(folder);
  }

  private ParameterException usage(String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
