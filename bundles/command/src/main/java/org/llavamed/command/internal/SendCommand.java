package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.command.Command;
import org.llavamed.network.DimseClient;
import org.llavamed.network.Peer;
import org.llavamed.network.StoreOutcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed dicom send}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "send",
    description = {
      "Store files at a peer (C-STORE). Print one line a file: path, 'stored' with the status, or"
          + " 'error: ' and the reason, separated by a tab; the exit code is 1 then.",
      "An object is sent as it is where the peer takes its transfer syntax, else decompressed."
    })
public final class SendCommand implements Command {
  private final DimseClient client;

  @Spec private CommandSpec spec;
  @Mixin private PeerOptions options;

  @Parameters(
      index = "1..*",
      paramLabel = "PATH",
      arity = "1..*",
      description = "DICOM files and folders (with everything below them).")
  private List<Path> paths;

  /** Takes the service that speaks DIMSE. */
  @Activate
  public SendCommand(@Reference DimseClient client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    Peer peer = options.peer(spec.commandLine());
    List<StoreOutcome> failed = new ArrayList<>();
    List<Path> files = new ArrayList<>();
    for (Path path : paths) {
      FileTree.of(path).keySet().forEach(files::add);
    }
    client.store(
        peer,
        files,
        outcome -> {
          print(outcome);
          if (!outcome.stored()) {
            failed.add(outcome);
          }
        });
    return failed.isEmpty() ? OK : SOME_INPUT_FAILED;
  }

  private void print(StoreOutcome outcome) {
    PrintWriter out = spec.commandLine().getOut();
    String what =
        outcome.stored()
            ? "stored %04X".formatted(outcome.status())
                + (outcome.problem().isEmpty() ? "" : " " + outcome.problem())
            : "error: " + outcome.problem();
    out.println(Text.line(outcome.file().toString()) + "\t" + Text.line(what));
  }
}
