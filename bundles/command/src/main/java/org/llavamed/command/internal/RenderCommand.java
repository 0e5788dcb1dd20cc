package org.llavamed.command.internal;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.command.internal.PictureFile.Loaded;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.Presentation;
import org.llavamed.imaging.Rendering;
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

/** {@code llavamed dicom render}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "render",
    description = {
      "Render one frame of a DICOM file as PNG, as the model sees it or as asked. Print one line:"
          + " picture, frame, width x height, rendering, separated by tabs.",
      "Research use only, not for clinical use."
    })
public final class RenderCommand implements Command {
  private static final String STANDARD_OUTPUT = "-";
  private static final String NUMBER = "(-?\\d{1,18}(?:\\.\\d{1,18})?)";
  private static final Pattern WINDOW = Pattern.compile(NUMBER + "/" + NUMBER);

  private final PictureFile pictures;
  private final PrintStream standardOutput;

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "FILE", description = "DICOM file.")
  private Path file;

  @Option(
      names = "--frame",
      paramLabel = "N",
      description = "Frame of a multi-frame file, from 1 (default: the middle one).")
  private @Nullable Integer frame;

  @Option(names = "--overlays", description = "Draw the overlays of the file in white.")
  private boolean overlays;

  @Option(
      names = "--presentation-state",
      paramLabel = "FILE",
      description = "Apply this Grayscale Softcopy Presentation State.")
  private @Nullable Path state;

  @Option(
      names = "--window",
      paramLabel = "CENTER/WIDTH",
      description = "Show this window, in units after the modality LUT (CT: Hounsfield units).")
  private @Nullable String window;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PNG",
      description =
          "Write here; - is standard output, without the line (default: the name of FILE with .png"
              + " behind it, in the current folder).")
  private @Nullable String output;

  /** Takes the service that makes pictures. */
  @Activate
  public RenderCommand(@Reference PictureFile pictures) {
    this(pictures, System.out);
  }

  RenderCommand(PictureFile pictures, PrintStream standardOutput) {
    this.pictures = pictures;
    this.standardOutput = standardOutput;
  }

  @Override
  public Integer call() {
    Optional<Rendering.Window> asked = Optional.ofNullable(window).map(this::window);
    Path target = target();
    Loaded loaded =
        pictures.load(
            file,
            frame == null ? OptionalInt.empty() : OptionalInt.of(frame - 1),
            new Presentation(Optional.ofNullable(state).map(pictures::open), overlays, asked));
    Picture picture = loaded.rendered().picture();
    spec.commandLine().getErr().println(ResearchMark.NOTICE);
    if (STANDARD_OUTPUT.equals(output)) {
      print(PngFile.bytes(picture));
      return OK;
    }
    PngFile.write(picture, target);
    spec.commandLine()
        .getOut()
        .println(
            String.join(
                "\t",
                Text.line(target.toString()),
                "%d of %d".formatted(loaded.frame() + 1, loaded.frames()),
                "%dx%d".formatted(picture.width(), picture.height()),
                loaded.rendered().rendering().description()));
    return OK;
  }

  private Path target() {
    Path target =
        output == null
            ? Path.of(String.valueOf(file.toAbsolutePath().getFileName()) + ".png")
            : Path.of(output);
    if (Files.isDirectory(target)) {
      throw new ParameterException(
          spec.commandLine(), "-o %s: is a folder. Name a file to write".formatted(target));
    }
    if (isSame(target, file) || (state != null && isSame(target, state))) {
      throw new ParameterException(
          spec.commandLine(),
          "-o %s: is a file that is read, and would be replaced. Name another file"
              .formatted(target));
    }
    return target;
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.exists(one) && Files.exists(other) && Files.isSameFile(one, other);
    } catch (IOException e) {
      throw ImagingException.unreadable(one, e);
    }
  }

  private Rendering.Window window(String text) {
    Matcher numbers = WINDOW.matcher(text);
    if (numbers.matches() && Double.parseDouble(numbers.group(2)) >= 1) {
      return new Rendering.Window(
          Double.parseDouble(numbers.group(1)), Double.parseDouble(numbers.group(2)));
    }
    throw new ParameterException(
        spec.commandLine(),
        "--window %s: expected CENTER/WIDTH, two numbers, the width at least 1, as 40/400"
            .formatted(text));
  }

  private void print(byte[] png) {
    standardOutput.write(png, 0, png.length);
    if (standardOutput.checkError()) {
      throw ImagingException.damaged(
          "standard output", "the picture cannot be written", "Name a file with -o");
    }
  }
}
