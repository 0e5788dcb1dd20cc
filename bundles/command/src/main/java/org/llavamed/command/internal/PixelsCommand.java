package org.llavamed.command.internal;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.command.internal.InputFiles.Input;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
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

/** {@code llavamed dicom pixels}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "pixels",
    description = {
      "Print one line a file: path, shape, type, smallest and largest stored value, sha256 of the"
          + " stored values (little endian, frames first, colour last), separated by tabs.",
      "A file that fails has the line path, 'error: ' and the reason; the exit code is 1 then.",
      "Research use only, not for clinical use."
    })
public final class PixelsCommand implements Command {
  private static final Logger LOG = System.getLogger(PixelsCommand.class.getName());

  private final ObjectReader reader;
  private final FrameDecoder decoder;

  @Spec private CommandSpec spec;

  @Mixin private InputPaths paths;

  @Option(
      names = "--npy",
      paramLabel = "FILE",
      description = "Write the stored values of one DICOM file as a NumPy array.")
  private @Nullable Path npy;

  /** Takes the services that read and decode. */
  @Activate
  public PixelsCommand(@Reference ObjectReader reader, @Reference FrameDecoder decoder) {
    this.reader = reader;
    this.decoder = decoder;
  }

  @Override
  public Integer call() {
    if (npy != null && paths.several()) {
      throw new ParameterException(
          spec.commandLine(),
          "--npy writes the array of one file: name one PATH that is no folder");
    }
    if (npy != null && Files.isDirectory(npy)) {
      throw new ParameterException(
          spec.commandLine(), "--npy %s: is a folder. Name a file to write".formatted(npy));
    }
    return paths.each(spec.commandLine(), System.in, this::print);
  }

  /** Prints a file's line and returns whether its values could be read. */
  private boolean print(Input input) {
    String line;
    boolean good = false;
    try {
      StoredValues values = values(input.checked());
      good = true;
      line =
          String.join(
              "\t",
              values.shape().join("x"),
              values.type().numpyName(),
              StoredValues.text(values.min()),
              StoredValues.text(values.max()),
              values.sha256());
    } catch (ImagingException e) {
      line = "error: " + input.reason(e);
    } catch (RuntimeException e) {
      LOG.log(Level.WARNING, "Decoding " + input.name() + " failed", e);
      line =
          "error: decoding failed unexpectedly (%s). Report this as an error of the program."
              .formatted(Text.line(e.toString()));
    }
    spec.commandLine().getOut().println(Text.line(input.name()) + "\t" + line);
    return good;
  }

  private StoredValues values(Path file) {
    if (npy == null) {
      return StoredValues.of(reader.read(file), decoder, (shape, frame) -> {});
    }
    try (var array = new NpyFile(npy)) {
      StoredValues values = StoredValues.of(reader.read(file), decoder, array);
      array.finish();
      return values;
    }
  }
}
