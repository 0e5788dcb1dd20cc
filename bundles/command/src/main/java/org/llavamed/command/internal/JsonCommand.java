package org.llavamed.command.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Command;
import org.llavamed.command.internal.InputFiles.Input;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectJson;
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

/** {@code llavamed dicom json}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "json",
    description = {
      "Print DICOM files as JSON of PS3.18 annex F: one object for a file, an array for several or"
          + " a folder. Bulk data is left out, its length is named in BulkDataURI.",
      "A file that cannot be read is named on standard error; the exit code is 1 then.",
      "Research use only, not for clinical use."
    })
public final class JsonCommand implements Command {
  private final ObjectJson json;
  private final InputStream in;

  @Spec private CommandSpec spec;

  @Mixin private InputPaths paths;

  @Option(names = "--lines", description = "Print one line for each file and no array.")
  private boolean lines;

  @Option(names = "--inline", description = "Print bulk data too, as InlineBinary.")
  private boolean inline;

  @Option(
      names = "--reverse",
      description = "Write a DICOM file from one JSON file; needs --output.")
  private boolean reverse;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      description = "The DICOM file that --reverse writes.")
  private @Nullable Path output;

  /** Takes the service that converts. */
  @Activate
  public JsonCommand(@Reference ObjectJson json) {
    this(json, System.in);
  }

  JsonCommand(ObjectJson json, InputStream in) {
    this.json = json;
    this.in = in;
  }

  @Override
  public Integer call() {
    if (reverse && output == null) {
      throw new ParameterException(
          spec.commandLine(), "--reverse goes with --output: name the DICOM file to write");
    }
    if (!reverse && output != null) {
      throw new ParameterException(
          spec.commandLine(),
          "--output is the DICOM file of --reverse. JSON goes to standard output: leave --output"
              + " out and put '> %s' behind".formatted(output));
    }
    return output == null ? print() : read(output);
  }

  private int read(Path target) {
    if (paths.several()) {
      throw new ParameterException(spec.commandLine(), "--reverse reads one JSON file: name one");
    }
    return each(input -> json.read(input.checked(), target));
  }

  private int print() {
    PrintWriter out = spec.commandLine().getOut();
    boolean array = !lines && paths.several();
    var before = new StringBuilder(array ? "[" : "");
    int code =
        each(
            input -> {
              var text = new StringWriter();
              json.write(input.checked(), new ObjectJson.Form(inline, !lines), text);
              out.print(before);
              out.print(text);
              out.print(array ? "" : System.lineSeparator());
              before.setLength(0);
              before.append(array ? "," + System.lineSeparator() : "");
            });
    if (array) {
      out.println((before.indexOf("[") < 0 ? "" : "[") + "]");
    }
    out.flush();
    return code;
  }

  /** What is done with a file. */
  @FunctionalInterface
  private interface Work {
    void on(Input input) throws IOException;
  }

  private int each(Work work) {
    return paths.each(
        spec.commandLine(),
        in,
        input -> {
          try {
            work.on(input);
            return true;
          } catch (ImagingException e) {
            spec.commandLine().getErr().println("llavamed: " + input.message(e));
            return false;
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
