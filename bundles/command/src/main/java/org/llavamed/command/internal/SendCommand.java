package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.imaging.ObjectCheck;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.network.CommitOutcome;
import org.llavamed.network.DimseClient;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.StoreOutcome;
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

/** {@code llavamed dicom send}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "send",
    description = {
      "Store files at a peer (C-STORE). Print one line a file: path, 'stored' with the status, or"
          + " 'error: ' and the reason, separated by a tab; the exit code is 1 then.",
      "An object is sent as it is where the peer takes its transfer syntax, else decompressed.",
      "An SR document is checked first (docs/conformance/checks.md) and not sent if it has an error."
    })
public final class SendCommand implements Command {
  private final DimseClient client;
  private final DocumentGate gate;

  @Spec private CommandSpec spec;
  @Mixin private PeerOptions options;
  @Mixin private SendOptions sending;

  @Parameters(index = "1..*", paramLabel = "PATH", arity = "1..*", description = SendOptions.PATHS)
  private List<Path> paths;

  @Option(
      names = "--commit",
      description =
          "Have the peer take the responsibility for what was stored (storage commitment); one"
              + " line a file more, 'committed' or 'error: '.")
  private boolean commit;

  @Option(
      names = "--commit-port",
      paramLabel = "N",
      description =
          "Port on which the peer's report is awaited too (default: the association alone).")
  private @Nullable Integer port;

  @Option(
      names = "--commit-wait",
      paramLabel = "SECONDS",
      description = "Wait this long for the report (default: 60).")
  private int patienceSeconds = 60;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = ReceiveSettings.LOOPBACK,
      description = "Address of --commit-port (default: ${DEFAULT-VALUE}).")
  private String bindAddress;

  private boolean failed;

  /** Takes the services that speak DIMSE, read and check. */
  @Activate
  public SendCommand(
      @Reference DimseClient client, @Reference ObjectReader reader, @Reference ObjectCheck check) {
    this.client = client;
    this.gate = new DocumentGate(reader, check);
  }

  @Override
  public Integer call() {
    Peer peer = options.peer(spec.commandLine());
    if (port != null) {
      TlsOptions.requireForPort(spec.commandLine(), peer.tls());
    }
    List<Path> files = sending.files(spec.commandLine(), paths, gate, this::fail);
    List<StoreOutcome> stored = new ArrayList<>();
    if (!files.isEmpty()) {
      client.store(
          peer,
          files,
          outcome -> {
            if (outcome.stored()) {
              stored.add(outcome);
              print(outcome);
            } else {
              fail(outcome.file(), outcome.problem());
            }
          });
    }
    if (commit && !stored.isEmpty()) {
      commit(peer, stored);
    }
    return failed ? SOME_INPUT_FAILED : OK;
  }

  /** Has the peer take the responsibility. */
  private void commit(Peer peer, List<StoreOutcome> stored) {
    Optional<ReceiveSettings> settings =
        Optional.ofNullable(port).map(number -> here(peer, number));
    CommitOutcome outcome =
        client.commit(peer, stored, settings, Duration.ofSeconds(patienceSeconds));
    for (StoreOutcome one : stored) {
      if (outcome.committed().contains(one.sopInstanceUid())) {
        print(one.file(), "committed");
      } else {
        String reason = outcome.failed().getOrDefault(one.sopInstanceUid(), "not in the report");
        fail(one.file(), "not committed: " + reason);
      }
    }
  }

  private ReceiveSettings here(Peer peer, int number) {
    try {
      return new ReceiveSettings(
          Optional.of(peer.callingAeTitle()),
          bindAddress,
          number,
          Path.of(""),
          ReceiveSettings.Access.ALL,
          ReceiveLimits.DEFAULT,
          peer.timeouts(),
          peer.tls());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private void print(StoreOutcome outcome) {
    String warning = outcome.problem().isEmpty() ? "" : " " + outcome.problem();
    print(outcome.file(), "stored %04X%s".formatted(outcome.status(), warning));
  }

  private void fail(Path file, String problem) {
    failed = true;
    print(file, "error: " + Text.without(file.toString(), problem));
  }

  private void print(Path file, String what) {
    PrintWriter out = spec.commandLine().getOut();
    out.println(Text.line(file.toString()) + "\t" + Text.line(what));
  }
}
