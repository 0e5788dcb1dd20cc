package org.llavamed.command.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code llavamed demo}. */
@Component(scope = ServiceScope.PROTOTYPE)
@CommandLine.Command(
    name = "demo",
    description = "Annotate the sample studies that ship, with the embedded model.")
public final class DemoCommand implements Command {
  private final StudyAnnotator annotator;

  @Spec private CommandSpec spec;

  @Option(
      names = "--out",
      paramLabel = "DIR",
      defaultValue = "llavamed-demo",
      description = "Folder of the results (default: ./${DEFAULT-VALUE}).")
  private Path out;

  /** Takes the service that does the work. */
  @Activate
  public DemoCommand(@Reference StudyAnnotator annotator) {
    this.annotator = annotator;
  }

  @Override
  public Integer call() {
    return AnnotationReport.run(
        annotator,
        new Request(
            Home.sampleFiles(), List.of(), Optional.empty(), Optional.empty(), out, Set.of()),
        spec.commandLine().getOut(),
        new ProgressDisplay(spec.commandLine().getErr(), Terminal.isPresent()));
  }
}
