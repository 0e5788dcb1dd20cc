package org.llavamed.command.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.network.DicomWeb;
import org.llavamed.network.WebPeer;
import org.llavamed.network.WebResource;
import org.llavamed.network.WebRetrieval;
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

/** {@code llavamed dicom web get}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom web")
@CommandLine.Command(
    name = "get",
    description = {
      "Fetch objects from a DICOMweb service and print the path of each file.",
      "Research use only, not for clinical use."
    })
public final class WebGetCommand implements Command {
  private final DicomWeb web;

  @Spec private CommandSpec spec;
  @Mixin private WebOptions service;

  @Option(
      names = "--study",
      paramLabel = "UID",
      required = true,
      description = "Study Instance UID.")
  private String study;

  @Option(names = "--series", paramLabel = "UID", description = "Series Instance UID.")
  private @Nullable String series;

  @Option(names = "--instance", paramLabel = "UID", description = "SOP Instance UID.")
  private @Nullable String instance;

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      defaultValue = ".",
      description = "Folder of the files (default: the current one).")
  private Path out;

  @Option(
      names = "--metadata",
      description = "Print the attributes instead, one line of DICOM JSON an instance.")
  private boolean metadata;

  @Option(names = "--rendered", description = "Fetch a picture of the instance or of its --frame.")
  private boolean rendered;

  @Option(
      names = "--frame",
      paramLabel = "N",
      split = ",",
      description = "Fetch frames as they are stored, from 1; several are joined by commas.")
  private List<Integer> frames = List.of();

  /** Takes the client. */
  @Activate
  public WebGetCommand(@Reference DicomWeb web) {
    this.web = web;
  }

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    WebPeer peer = service.peer(line);
    WebResource what = what(line);
    if (metadata) {
      web.metadata(peer, what, dataSet -> line.getOut().println(dataSet.json()));
      return OK;
    }
    if (rendered) {
      int frame = frames.isEmpty() ? 0 : frames.get(0);
      print(web.rendered(peer, what, frame, out).file());
      return OK;
    }
    if (!frames.isEmpty()) {
      web.frames(peer, what, frames, out).forEach(frame -> print(frame.file()));
      return OK;
    }
    WebRetrieval retrieval = web.retrieve(peer, what, out);
    retrieval.files().forEach(this::print);
    if (retrieval.problem().isEmpty()) {
      return OK;
    }
    line.getErr().println("llavamed: " + Text.printable(retrieval.problem()));
    return SOME_INPUT_FAILED;
  }

  private void print(Path file) {
    spec.commandLine().getOut().println(Text.line(file.toString()));
  }

  private WebResource what(CommandLine line) {
    boolean ofInstance = rendered || !frames.isEmpty();
    if (ofInstance && (series == null || instance == null)) {
      throw new ParameterException(
          line, "--rendered and --frame go with --study, --series and --instance");
    }
    if ((metadata && ofInstance) || (rendered && frames.size() > 1)) {
      throw new ParameterException(
          line, "Give one of --metadata, --rendered (with one --frame at most) and --frame");
    }
    if (frames.stream().anyMatch(frame -> frame < 1)) {
      throw new ParameterException(line, "--frame counts from 1");
    }
    try {
      return new WebResource(study, Optional.ofNullable(series), Optional.ofNullable(instance));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    }
  }
}
