package org.llavamed.data.internal;

import org.llavamed.command.Command;
import org.llavamed.data.VqaLayout;
import org.llavamed.imaging.PictureReader;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code llavamed data pathvqa}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=data")
@CommandLine.Command(
    name = "pathvqa",
    description =
        "Turn PathVQA (train.json, validation.json or val.json, test.json, images) into samples: the official splits, and parts that share no picture.")
public final class PathVqaCommand implements Command {
  private final PictureReader reader;

  @Spec private CommandSpec spec;

  @Mixin private ConversionOptions options;

  /** Takes the service that reads pictures. */
  @Activate
  public PathVqaCommand(@Reference PictureReader reader) {
    this.reader = reader;
  }

  @Override
  public Integer call() {
    return options.run(VqaLayout.PATH_VQA, reader, spec.commandLine());
  }
}
