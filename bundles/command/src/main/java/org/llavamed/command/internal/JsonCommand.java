package org.llavamed.command.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
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

  @Parameters(
      paramLabel = "PATH",
      arity = "1..*",
      description = "DICOM files, folders (with everything below them), '-' for standard input.")
  private List<Path> paths;

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
  public Integer call() throws IOException {
    if (reverse != (output != null)) {
      throw new ParameterException(
          spec.commandLine(), "--reverse and --output go together: name the DICOM file to write");
    }
    try (InputFiles files = new InputFiles(in)) {
      List<Input> inputs = files.of(paths);
      return output == null ? print(inputs) : read(inputs, output);
    }
  }

  private int read(List<Input> inputs, Path target) {
    if (inputs.size() != 1) {
      throw new ParameterException(
          spec.commandLine(), "--reverse reads one JSON file, not " + inputs.size());
    }
    try {
      json.read(inputs.get(0).checked(), target);
      return OK;
    } catch (ImagingException e) {
      fail(inputs.get(0), e);
      return SOME_INPUT_FAILED;
    }
  }

  private int print(List<Input> inputs) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    boolean array = !lines && (inputs.size() != 1 || Files.isDirectory(paths.get(0)));
    boolean failed = false;
    String before = array ? "[" : "";
    for (Input input : inputs) {
      if (Thread.currentThread().isInterrupted() || out.checkError()) {
        return SOME_INPUT_FAILED;
      }
      try {
        var text = new StringWriter();
        json.write(input.checked(), new ObjectJson.Form(inline, !lines), text);
        out.print(before);
        out.print(text);
        out.print(array ? "" : System.lineSeparator());
        before = array ? "," + System.lineSeparator() : "";
      } catch (ImagingException e) {
        fail(input, e);
        failed = true;
      }
    }
    if (array) {
      out.println((before.equals("[") ? "[" : "") + "]");
    }
    out.flush();
    return failed ? SOME_INPUT_FAILED : OK;
  }

  private void fail(Input input, ImagingException e) {
    spec.commandLine().getErr().println("llavamed: " + input.message(e));
  }
}
