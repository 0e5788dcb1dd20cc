package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.imaging.ObjectListing;
import org.llavamed.network.DimseClient;
import org.llavamed.network.DimseReceiver;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.RetrieveOutcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code llavamed dicom get}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "get",
    description = {
      "Fetch objects from a peer (C-GET; with --move-to C-MOVE), as"
          + " DIR/STUDY/SERIES/INSTANCE.dcm.",
      "Print one line an object, as 'receive' does. With --move-to and --port the objects come to"
          + " this process; with --move-to alone they go to another one."
    })
public final class GetCommand implements Command {
  private static final String HINT =
      " Many peers fetch nothing without a StudyInstanceUID: name it ('find' tells it), or give"
          + " --patient-root and a PatientID for all of a patient.";

  private final DimseClient client;
  private final DimseReceiver receiver;
  private final ObjectListing listing;

  @Spec private CommandSpec spec;
  @Mixin private PeerOptions options;
  @Mixin private QueryOptions queryOptions;

  @Parameters(index = "1..*", paramLabel = "KEY=VALUE", description = Keys.DESCRIPTION)
  private List<String> keys = List.of();

  @Option(
      names = {"-o", "--out"},
      paramLabel = "DIR",
      description = "Folder for the objects.")
  private @Nullable Path folder;

  @Option(
      names = "--move-to",
      paramLabel = "TITLE",
      description = "Have the peer send the objects to this AE title, which it must know.")
  private @Nullable String destination;

  @Option(
      names = "--port",
      paramLabel = "N",
      description = "Port on which the objects of --move-to are received.")
  private @Nullable Integer port;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = ReceiveSettings.LOOPBACK,
      description = "Address of --port (default: ${DEFAULT-VALUE}).")
  private String bindAddress;

  /** Takes the services that speak DIMSE and know attributes. */
  @Activate
  public GetCommand(
      @Reference DimseClient client,
      @Reference DimseReceiver receiver,
      @Reference ObjectListing listing) {
    this.client = client;
    this.receiver = receiver;
    this.listing = listing;
  }

  @Override
  public Integer call() {
    CommandLine line = spec.commandLine();
    Peer peer = options.peer(line);
    Query query = queryOptions.get(Keys.ofTopLevel(line, listing, keys));
    if (query.keys().isEmpty()) {
      throw new ParameterException(line, "name what to fetch, for example StudyInstanceUID=1.2.3");
    }
    boolean here = destination == null || port != null;
    if (here != (folder != null)) {
      throw new ParameterException(
          line, "-o DIR goes with objects that come here: without --move-to, or with --port");
    }
    RetrieveOutcome outcome = fetch(peer, query);
    if (!outcome.complete()) {
      boolean unnamed =
          query.level() != QueryLevel.PATIENT
              && !query.relational()
              && !QueryOptions.namesStudy(query.keys());
      boolean nothing = outcome.completed() + outcome.failed() + outcome.warning() == 0;
      String hint = unnamed && nothing ? HINT : "";
      line.getErr().println("llavamed: " + Text.line(outcome.problem()) + hint);
    }
    return outcome.complete() ? OK : SOME_INPUT_FAILED;
  }

  private RetrieveOutcome fetch(Peer peer, Query query) {
    String title = destination;
    Path target = folder;
    PrintWriter out = spec.commandLine().getOut();
    if (title == null && target != null) {
      return client.get(
          peer, query, settings(peer, peer.callingAeTitle(), target), one -> print(out, one));
    }
    if (title != null && target != null) {
      try (DimseReceiver.Reception reception =
          receiver.open(settings(peer, title, target), one -> print(out, one))) {
        spec.commandLine()
            .getErr()
            .println("llavamed: %s listens on port %d.".formatted(title, reception.port()));
        return client.move(peer, query, title);
      }
    }
    return client.move(peer, query, String.valueOf(title));
  }

  private ReceiveSettings settings(Peer peer, String aeTitle, Path target) {
    if (destination != null) {
      TlsOptions.requireForPort(spec.commandLine(), peer.tls());
    }
    try {
      return new ReceiveSettings(
          Optional.of(aeTitle),
          bindAddress,
          port == null ? 0 : port,
          target,
          ReceiveSettings.Access.ALL,
          ReceiveLimits.DEFAULT,
          peer.timeouts(),
          peer.tls());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static void print(PrintWriter out, ReceivedInstance instance) {
    ReceiveCommand.print(out, instance);
  }
}
