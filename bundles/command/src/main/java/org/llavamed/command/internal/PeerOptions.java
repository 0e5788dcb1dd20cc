package org.llavamed.command.internal;

import java.time.Duration;
import org.llavamed.network.Peer;
import org.llavamed.network.Timeouts;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The options that name an application entity. */
final class PeerOptions {
  /** Our AE title where none is given. */
  static final String OWN_AE_TITLE = "LLAVAMED";

  @Parameters(
      index = "0",
      paramLabel = "HOST:PORT",
      description = "Where the peer listens, for example localhost:11112 or [::1]:11112.")
  private String address;

  @Option(
      names = "--aet",
      paramLabel = "TITLE",
      defaultValue = OWN_AE_TITLE,
      description = "Own AE title (default: ${DEFAULT-VALUE}).")
  private String callingAeTitle;

  @Option(
      names = "--aec",
      paramLabel = "TITLE",
      defaultValue = "ANY-SCP",
      description = "AE title of the peer (default: ${DEFAULT-VALUE}).")
  private String calledAeTitle;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Wait this long in every state (default: 10 to 60, by state).")
  private int seconds;

  @Mixin private TlsOptions tls;

  /**
   * Returns the peer.
   *
   * @throws ParameterException if an option breaks the rules
   */
  Peer peer(CommandLine line) {
    int colon = address.lastIndexOf(':');
    String port = address.substring(colon + 1);
    if (colon < 1 || !port.matches("[0-9]{1,5}")) {
      throw new ParameterException(
          line, "'%s' is no HOST:PORT, for example localhost:11112".formatted(address));
    }
    String host = address.substring(0, colon);
    try {
      return new Peer(
          host.startsWith("[") && host.endsWith("]") ? host.substring(1, host.length() - 1) : host,
          Integer.parseInt(port),
          calledAeTitle,
          callingAeTitle,
          tls.files(line),
          timeouts());
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    }
  }

  private Timeouts timeouts() {
    return seconds == 0 ? Timeouts.DEFAULT : Timeouts.of(Duration.ofSeconds(seconds));
  }
}
