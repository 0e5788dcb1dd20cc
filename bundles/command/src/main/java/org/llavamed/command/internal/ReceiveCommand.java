package org.llavamed.command.internal;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.command.Command;
import org.llavamed.command.Text;
import org.llavamed.network.DimseReceiver;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.Timeouts;
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

/** {@code llavamed dicom receive}. */
@Component(scope = ServiceScope.PROTOTYPE, property = Command.PARENT + "=dicom")
@CommandLine.Command(
    name = "receive",
    description = {
      "Receive objects (C-STORE, C-ECHO) until Ctrl-C, as DIR/STUDY/SERIES/INSTANCE.dcm.",
      "Print one line an object, when it is safe on the disk: calling AE title, SOP Instance UID,"
          + " 'new' or 'repeated', file, separated by tabs."
    })
public final class ReceiveCommand implements Command {
  private final DimseReceiver receiver;

  @Spec private CommandSpec spec;
  @Mixin private TlsOptions tls;

  @Option(
      names = "--port",
      required = true,
      paramLabel = "N",
      description = "Port to listen on; 0 for a free one, which is printed on standard error.")
  private int port;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "DIR",
      description = "Folder for the objects.")
  private Path folder;

  @Option(
      names = "--aet",
      paramLabel = "TITLE",
      description = "Own AE title, which peers must call (default: they may call any).")
  private @Nullable String aeTitle;

  @Option(
      names = "--bind",
      paramLabel = "ADDRESS",
      defaultValue = ReceiveSettings.LOOPBACK,
      description =
          "Address to listen on (default: ${DEFAULT-VALUE}, which other machines do not reach).")
  private String bindAddress;

  @Option(
      names = "--allow-aet",
      split = ",",
      paramLabel = "TITLE",
      description = "Calling AE titles that may send (default: all).")
  private Set<String> callers = Set.of();

  @Option(
      names = "--allow-peer",
      split = ",",
      paramLabel = "HOST",
      description = "Machines that may send (default: all).")
  private List<String> peers = List.of();

  @Option(
      names = "--max-associations",
      paramLabel = "N",
      description = "Associations at the same time (default: 16).")
  private int associations = ReceiveLimits.DEFAULT.associations();

  @Option(
      names = "--max-pdu",
      paramLabel = "BYTES",
      description = "Most bytes of a PDU (default: 131072).")
  private int pduLength = ReceiveLimits.DEFAULT.pduLength();

  @Option(
      names = "--max-object",
      paramLabel = "MB",
      description = "Most megabytes of an object (default: 4295).")
  private long objectMegabytes = ReceiveLimits.DEFAULT.objectBytes() / 1_000_000 + 1;

  @Option(
      names = "--min-free",
      paramLabel = "MB",
      description = "Megabytes of disk that must stay free (default: 1074).")
  private long freeMegabytes = ReceiveLimits.DEFAULT.freeDiskBytes() / 1_000_000 + 1;

  @Option(
      names = "--idle",
      paramLabel = "SECONDS",
      description = "Close an association on which nothing comes for this long (default: 60).")
  private int idleSeconds = 60;

  /** Takes the service that speaks DIMSE. */
  @Activate
  public ReceiveCommand(@Reference DimseReceiver receiver) {
    this.receiver = receiver;
  }

  @Override
  public Integer call() throws InterruptedException {
    ReceiveSettings settings = settings();
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    try (DimseReceiver.Reception reception =
        receiver.open(settings, instance -> print(out, instance))) {
      err.println(
          "llavamed: listening on %s:%d for peers that call %s. %s"
              .formatted(
                  settings.bindAddress(),
                  reception.port(),
                  settings.aeTitle().orElse("any AE title"),
                  ResearchMark.NOTICE));
      err.flush();
      new CountDownLatch(1).await(); // until the process ends and this thread is interrupted
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return OK;
  }

  private ReceiveSettings settings() {
    var files = tls.files(spec.commandLine());
    TlsOptions.requireForPort(spec.commandLine(), files);
    try {
      Timeouts defaults = Timeouts.DEFAULT;
      return new ReceiveSettings(
          Optional.ofNullable(aeTitle),
          bindAddress,
          port,
          folder,
          new ReceiveSettings.Access(callers, peers),
          new ReceiveLimits(associations, pduLength, bytes(objectMegabytes), bytes(freeMegabytes)),
          new Timeouts(
              defaults.connect(),
              defaults.association(),
              defaults.response(),
              defaults.release(),
              Duration.ofSeconds(idleSeconds)),
          files);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  private static long bytes(long megabytes) {
    return Math.multiplyExact(Math.min(megabytes, 1L << 40), 1_000_000L);
  }

  /** Prints the line of an object. */
  static synchronized void print(PrintWriter out, ReceivedInstance instance) {
    out.println(
        String.join(
            "\t",
            Text.line(instance.callingAeTitle()),
            instance.sopInstanceUid(),
            instance.repeated() ? "repeated" : "new",
            Text.line(instance.file().toString())));
    out.flush();
  }
}
