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

/** {@code llavamed data vqa-rad}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=data")
@CommandLine.Command(
    name = "vqa-rad",
    description =
        "Turn VQA-RAD (trainset.json, testset.json, images) into samples: the official splits, and parts that share no picture.")
public final class VqaRadCommand implements Command {
  private final PictureReader reader;

  @Spec private CommandSpec spec;

  @Mixin private ConversionOptions options;

  /** Takes the service that reads pictures. */
  @Activate
  public VqaRadCommand(@Reference PictureReader reader) {
    this.reader = reader;
  }

  @Override
  public Integer call() {
    return options.run(VqaLayout.VQA_RAD, reader, spec.commandLine());
  }
}
