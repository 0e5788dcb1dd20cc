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
        "Turn VQA-RAD (trainset.json, testset.json, images) into samples: the official splits, and parts that share no picture. VQA-RAD has no validation part: one is taken out of its train split, so that train.json has 2,610 of the published 3,064 questions and validation.json has the others. For the published train split, train with both files, or take --validation-share 0.")
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
