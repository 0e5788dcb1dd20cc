package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.imaging.StudyAssembler;
import org.llavamed.imaging.StudyAssembler.Assembly;
import org.llavamed.imaging.StudyTree;
import org.llavamed.imaging.StudyTree.Content;
import org.llavamed.imaging.StudyTree.Instance;
import org.llavamed.imaging.StudyTree.Patient;
import org.llavamed.imaging.StudyTree.Plane;
import org.llavamed.imaging.StudyTree.Remark;
import org.llavamed.imaging.StudyTree.Remark.Kind;
import org.llavamed.imaging.StudyTree.Series;
import org.llavamed.imaging.StudyTree.Stack;
import org.llavamed.imaging.StudyTree.Study;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed dicom list}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "list",
    description = {
      "Put files together to patients, studies, series and objects, and print them as a tree.",
      "Gaps, doubles and contradictions are named below it; the exit code is 1 where a file could"
          + " not be read. Research use only, not for clinical use."
    })
public final class ListCommand implements Command {
  private final StudyAssembler assembler;

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description =
          "DICOM files, folders (with everything below them), DICOMDIR files and zip archives; '-' is"
              + " a file or an archive from standard input.")
  private List<Path> paths;

  @Option(
      names = "--objects",
      description = "Print a line for each object too, in the order of the slices.")
  private boolean objects;

  /** Takes the service that puts files together. */
  @Activate
  public ListCommand(@Reference StudyAssembler assembler) {
    this.assembler = assembler;
  }

  @Override
  public Integer call() {
    try (Assembly assembly = assembler.assemble(paths, Optional.empty())) {
      StudyTree tree = assembly.tree();
      tree.patients().forEach(this::print);
      tree.remarks().forEach(this::print);
      if (tree.patients().isEmpty() && tree.remarks().isEmpty()) {
        spec.commandLine().getErr().println("llavamed: there is no object in what was named.");
      }
      boolean failed = tree.remarks().stream().anyMatch(remark -> remark.kind() == Kind.FAILED);
      return failed || Thread.currentThread().isInterrupted() ? SOME_INPUT_FAILED : OK;
    }
  }

  private void print(Patient patient) {
    line(0, "Patient " + orNone(patient.id()) + brackets(patient.name()));
    for (Study study : patient.studies()) {
      line(1, "Study " + study.uid() + comma(study.date()) + comma(study.description()));
      study.series().forEach(this::print);
    }
  }

  private void print(Series series) {
    String number = series.number().isPresent() ? ", number " + series.number().getAsInt() : "";
    line(
        2,
        "Series %s%s, %s%s: %d objects, %d frames"
            .formatted(
                series.uid(),
                number,
                series.modality(),
                comma(series.description()),
                series.instances().size(),
                series.instances().stream().mapToLong(Instance::frames).sum()));
    for (Stack stack : series.stacks()) {
      line(3, describe(stack));
    }
    if (objects) {
      series.instances().forEach(instance -> line(3, describe(instance, series)));
    }
  }

  private static String describe(Stack stack) {
    String spacing =
        stack.spacing().isPresent()
            ? ", %s mm apart".formatted(number(stack.spacing().getAsDouble()))
            : "";
    String volumes = stack.volumes() > 1 ? ", %d slices each".formatted(stack.volumes()) : "";
    return "stack of %d positions%s%s, normal %s %s %s"
        .formatted(
            stack.positions(),
            volumes,
            spacing,
            number(stack.normal().x()),
            number(stack.normal().y()),
            number(stack.normal().z()));
  }

  private static String describe(Instance instance, Series series) {
    var text = new StringBuilder(instance.file().toString()).append(", ").append(instance.uid());
    instance.number().ifPresent(n -> text.append(", image ").append(n));
    if (instance.frames() > 1) {
      text.append(", ").append(instance.frames()).append(" frames");
    }
    instance
        .plane()
        .ifPresent(plane -> text.append(", at ").append(number(at(plane, series))).append(" mm"));
    if (instance.content() != Content.PICTURE) {
      text.append(", ")
          .append(instance.content().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    }
    return text.toString();
  }

  /**
   * Returns the position of a slice along the normal of its stack, or its own where it has none.
   */
  private static double at(Plane plane, Series series) {
    return series.stacks().stream()
        .filter(stack -> stack.isParallelTo(plane))
        .findFirst()
        .map(stack -> plane.distanceAlong(stack.normal()))
        .orElse(plane.distance());
  }

  private void print(Remark remark) {
    switch (remark.kind()) {
      case LEFT_OUT -> line(0, "left out: %s: %s".formatted(remark.file(), remark.text()));
      case FAILED -> line(0, "failed: " + remark.text());
      case INCONSISTENT, GEOMETRY -> line(0, "note: " + remark.text());
    }
  }

  private void line(int depth, String text) {
    PrintWriter out = spec.commandLine().getOut();
    out.println("  ".repeat(depth) + Text.line(text));
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, "%.2f", value + 0.0).replaceAll("\\.?0+$", "");
  }

  private static String orNone(String text) {
    return text.isEmpty() ? "without ID" : text;
  }

  private static String brackets(String text) {
    return text.isEmpty() ? "" : " (" + text + ")";
  }

  private static String comma(String text) {
    return text.isEmpty() ? "" : ", " + text;
  }
}
