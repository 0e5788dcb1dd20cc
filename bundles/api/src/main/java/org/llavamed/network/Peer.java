package org.llavamed.network;

import java.util.Optional;

/**
 * An application entity on the network, and how we speak to it.
 *
 * @param host name or address
 * @param port 1 to 65535
 * @param calledAeTitle the peer's AE title
 * @param callingAeTitle our own
 * @param tls the keys; empty for a connection in the clear
 * @param timeouts how long to wait
 */
public record Peer(
    String host,
    int port,
    String calledAeTitle,
    String callingAeTitle,
    Optional<TlsFiles> tls,
    Timeouts timeouts) {
  public Peer {
    if (host.isBlank()) {
      throw new IllegalArgumentException("the host is empty, expected a name or an address");
    }
    if (port < 1 || port > 0xFFFF) {
      throw new IllegalArgumentException("the port is %d, expected 1 to 65535".formatted(port));
    }
    calledAeTitle = AeTitles.checked("called", calledAeTitle);
    callingAeTitle = AeTitles.checked("calling", callingAeTitle);
  }

  /** Returns the form {@code PACS at 127.0.0.1:11112}. */
  @Override
  public String toString() {
    return "%s at %s:%d".formatted(calledAeTitle, host, port);
  }
}
