package org.llavamed.command.internal;

import java.io.InputStream;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.command.internal.InputFiles.Input;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectListing;
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

/** {@code llavamed dicom dump}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "dump",
    description = {
      "Print the elements of DICOM files, one a line: tag, value representation, value, '#', length"
          + " in bytes, number of values, keyword. Items of sequences are indented.",
      "A file that cannot be read is named on standard error; the exit code is 1 then.",
      "Research use only, not for clinical use."
    })
public final class DumpCommand implements Command {
  private static final int VALUE_COLUMN = 44;

  private final ObjectListing listing;
  private final InputStream in;

  @Spec private CommandSpec spec;

  @Mixin private InputPaths paths;

  @Option(
      names = "--tag",
      paramLabel = "TAG",
      description = {
        "Print the values of this attribute only, one line for each file; an empty line where it"
            + " has none. TAG is 0008103E, 0008,103E or SeriesDescription; dots lead into"
            + " sequences, a line for each item. May be repeated."
      })
  private List<String> tags = new ArrayList<>();

  @Option(names = "--long", description = "Print values whole; else they are cut.")
  private boolean whole;

  /** Takes the service that lists. */
  @Activate
  public DumpCommand(@Reference ObjectListing listing) {
    this(listing, System.in);
  }

  DumpCommand(ObjectListing listing, InputStream in) {
    this.listing = listing;
    this.in = in;
  }

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    return paths.each(spec.commandLine(), in, input -> print(input, out));
  }

  /** Prints a file and returns whether it could be read. */
  private boolean print(Input input, PrintWriter out) {
    try {
      Path file = input.checked();
      if (!tags.isEmpty()) {
        select(file, out);
        return true;
      }
      var lines = new ArrayList<ObjectListing.Line>();
      listing.list(file, whole, lines::add);
      if (paths.several()) {
        out.println("# " + Text.line(input.name()));
      }
      lines.forEach(line -> out.println(line(line)));
      return true;
    } catch (ImagingException e) {
      spec.commandLine().getErr().println("llavamed: " + input.message(e));
      return false;
    }
  }

  private void select(Path file, PrintWriter out) {
    List<List<String>> selected;
    try {
      selected = listing.select(file, tags);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--tag: " + e.getMessage(), e);
    }
    for (List<String> texts : selected) {
      (texts.isEmpty() ? List.of("") : texts).forEach(text -> out.println(Text.line(text)));
    }
  }

  private static String line(ObjectListing.Line line) {
    String start = "  ".repeat(line.depth()) + line.tag();
    if (line.vr().isEmpty()) {
      return start + " " + line.value();
    }
    String value = Text.line(line.value());
    int width = Math.max(0, VALUE_COLUMN - 2 * line.depth());
    String padded =
        value + " ".repeat(Math.max(0, width - value.codePointCount(0, value.length())));
    String length = line.length() < 0 ? "-" : Long.toString(line.length());
    return "%s %s %s # %s, %d %s"
        .formatted(start, line.vr(), padded, length, line.multiplicity(), line.name());
  }
}
