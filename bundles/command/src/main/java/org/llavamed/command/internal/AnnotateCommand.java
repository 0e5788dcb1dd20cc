package org.llavamed.command.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.AnnotationException;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.StudyAnnotator;
import org.llavamed.annotation.StudyAnnotator.Request;
import org.llavamed.command.Command;
import org.llavamed.command.ProgressDisplay;
import org.llavamed.command.Terminal;
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

/** {@code llavamed annotate}. */
@Component(scope = ServiceScope.PROTOTYPE)
@CommandLine.Command(
    name = "annotate",
    description = {
      "Ask a model about DICOM studies and write the answers as DICOM objects and JSON.",
      "Objects without pixels and results of this program are left out; the latter, and those in the"
          + " folder of the results, are revised by what is written. Inputs that fail are named,"
          + " the others are done, and the exit code is 1."
    })
public final class AnnotateCommand implements Command {
  private final StudyAnnotator annotator;

  @Spec private CommandSpec spec;
  @Mixin private ModelOption model;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "DICOM files, folders (with everything below them), DICOMDIR files and zip archives; '-' is"
              + " a file or an archive from standard input.")
  private List<Path> paths;

  @Option(
      names = "--question",
      paramLabel = "TEXT",
      description = "Ask this instead of the protocol's questions; may be repeated.")
  private List<String> questions = List.of();

  @Option(
      names = "--protocol",
      paramLabel = "FILE",
      description = "Ask the questions of this protocol (JSON or YAML).")
  private @Nullable Path protocol;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "llavamed-out",
      description = "Folder of the results (default: ./${DEFAULT-VALUE}).")
  private Path out;

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      split = ",",
      description =
          "What to write, separated by commas: json, sr (TID 1500, for programs), report (Enhanced"
              + " SR, for readers), sc (Secondary Capture), pdf, gsps (text over the pictures), ko"
              + " (Key Object Selection), mfsc (multi-frame Secondary Capture). Default: those of"
              + " conf/org.llavamed.result.cfg, json,sr,report,sc as shipped.")
  private Set<Format> formats = Set.of();

  /** Takes the service that does the work. */
  @Activate
  public AnnotateCommand(@Reference StudyAnnotator annotator) {
    this.annotator = annotator;
  }

  @Override
  public Integer call() {
    if (protocol != null && !questions.isEmpty()) {
      throw new ParameterException(
          spec.commandLine(), "Give either --question or --protocol, not both");
    }
    var request =
        new Request(
            paths,
            questions,
            Optional.ofNullable(protocol),
            model.folder(spec.commandLine()),
            out,
            formats);
    try {
      return AnnotationReport.run(
          annotator,
          request,
          spec.commandLine().getOut(),
          new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent()));
    } catch (AnnotationException e) {
      // Thrown before any work is done: the protocol, a question or the output folder is at fault.
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }
}
