package org.llavamed.command.internal;

import java.nio.file.Path;
import java.util.List;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.imaging.ObjectCheck;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.network.DicomWeb;
import org.llavamed.network.WebPeer;
import org.llavamed.network.WebStoreOutcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed dicom web send}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom web")
@CommandLine.Command(
    name = "send",
    description = {
      "Store DICOM files at a DICOMweb service as they are, and print one line a file: path,"
          + " 'stored', 'warning' or 'failed', and the reason, separated by tabs.",
      "An SR document is checked first (docs/conformance/checks.md) and not sent if it has an error.",
      "The exit code is 1 if a file is not stored. Research use only, not for clinical use."
    })
public final class WebSendCommand implements Command {
  private final DicomWeb web;
  private final DocumentGate gate;

  @Spec private CommandSpec spec;
  @Mixin private WebOptions service;
  @Mixin private SendOptions sending;

  @Parameters(index = "1..*", paramLabel = "PATH", arity = "1..*", description = SendOptions.PATHS)
  private List<Path> paths;

  private boolean failed;

  /** Takes the client, and the services that read and check. */
  @Activate
  public WebSendCommand(
      @Reference DicomWeb web, @Reference ObjectReader reader, @Reference ObjectCheck check) {
    this.web = web;
    this.gate = new DocumentGate(reader, check);
  }

  @Override
  public Integer call() {
    WebPeer peer = service.peer(spec.commandLine());
    List<Path> files =
        sending.files(
            spec.commandLine(), paths, gate, (file, reason) -> print(file, "failed", reason));
    if (!files.isEmpty()) {
      web.store(peer, files, this::print);
    }
    return failed ? SOME_INPUT_FAILED : OK;
  }

  private void print(WebStoreOutcome outcome) {
    String word =
        switch (outcome.result()) {
          case STORED -> "stored";
          case WARNING -> "warning";
          case FAILED -> "failed";
        };
    print(outcome.file(), word, outcome.problem());
  }

  private void print(Path file, String word, String problem) {
    failed |= word.equals("failed");
    String words = Text.line(Text.without(file.toString(), problem));
    String reason = words.isEmpty() ? "" : "\t" + words;
    spec.commandLine().getOut().println(Text.line(file.toString()) + "\t" + word + reason);
  }
}
