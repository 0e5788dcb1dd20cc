package org.llavamed.command.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.command.internal.InputFiles.Input;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectCheck;
import org.llavamed.imaging.ObjectCheck.Problem;
import org.llavamed.imaging.ObjectCheck.Severity;
import org.llavamed.imaging.ObjectReader;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code llavamed dicom check}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "check",
    description = {
      "Check DICOM files against the standard: values, modules, and the content trees and templates"
          + " of documents (docs/conformance/checks.md says of which objects).",
      "Print one line a problem: path, 'error' or 'warning', place, what is wrong, the part of the"
          + " standard, separated by tabs. The exit code is 1 if there is an error, or a file cannot"
          + " be read; a file without problems has no line. Where there is no line at all, standard"
          + " error says so.",
      "Research use only, not for clinical use."
    })
public final class CheckCommand implements Command {
  private static final Logger LOG = System.getLogger(CheckCommand.class.getName());

  private final ObjectReader reader;
  private final ObjectCheck check;

  @Spec private CommandSpec spec;

  @Mixin private InputPaths paths;

  private int files;
  private int lines;

  /** Takes the services that read and check. */
  @Activate
  public CheckCommand(@Reference ObjectReader reader, @Reference ObjectCheck check) {
    this.reader = reader;
    this.check = check;
  }

  @Override
  public Integer call() {
    int code = paths.each(spec.commandLine(), System.in, this::print);
    if (lines == 0 && files > 0) {
      spec.commandLine()
          .getErr()
          .println("llavamed: no problem in %s.".formatted(Text.count(files, "file", "files")));
    }
    return code;
  }

  /** Prints a file's problems and returns whether none of them is an error. */
  private boolean print(Input input) {
    files++;
    List<Problem> problems;
    try {
      problems = check.check(reader.read(input.checked()));
    } catch (ImagingException e) {
      print(input, "error", "file", input.reason(e), "PS3.10");
      return false;
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Checking " + input.name() + " failed", e);
      print(
          input,
          "error",
          "file",
          "checking failed unexpectedly (%s). Report this as an error of the program.".formatted(e),
          "-");
      return false;
    }
    boolean good = true;
    for (Problem problem : problems) {
      boolean error = problem.severity() == Severity.ERROR;
      good &= !error;
      print(
          input,
          error ? "error" : "warning",
          problem.place(),
          problem.sentence(),
          problem.source());
    }
    return good;
  }

  private void print(Input input, String... cells) {
    lines++;
    StringBuilder line = new StringBuilder(Text.line(input.name()));
    for (String cell : cells) {
      line.append('\t').append(Text.line(cell));
    }
    spec.commandLine().getOut().println(line);
  }
}
