package org.llavamed.command.internal;

import java.util.Locale;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.network.DimseClient;
import org.llavamed.network.Peer;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ServiceScope;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code llavamed dicom echo}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "echo",
    description = "Verify that a peer answers (C-ECHO), and say what it is.")
public final class EchoCommand implements Command {
  private final DimseClient client;

  @Spec private CommandSpec spec;
  @Mixin private PeerOptions options;

  /** Takes the service that speaks DIMSE. */
  @Activate
  public EchoCommand(@Reference DimseClient client) {
    this.client = client;
  }

  @Override
  public Integer call() {
    Peer peer = options.peer(spec.commandLine());
    DimseClient.Echo echo = client.echo(peer);
    String name = echo.implementationVersionName();
    spec.commandLine()
        .getOut()
        .println(
            Text.line(
                String.format(
                    Locale.ROOT,
                    "%s: success in %.0f ms, implementation %s%s, PDUs %s",
                    peer,
                    echo.milliseconds(),
                    name.isEmpty() ? "" : name + " ",
                    echo.implementationClassUid(),
                    echo.maxPduLength() == 0
                        ? "of any length"
                        : "up to %d bytes".formatted(echo.maxPduLength()))));
    return OK;
  }
}
