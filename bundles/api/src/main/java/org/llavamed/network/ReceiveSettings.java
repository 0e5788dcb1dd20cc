package org.llavamed.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * How objects are received.
 *
 * @param aeTitle our own, which peers must call; empty where they may call any
 * @param bindAddress of the interface to listen on
 * @param port 0 to 65535; 0 for a free one
 * @param folder where objects go, as {@code STUDY/SERIES/INSTANCE.dcm}, each a UID
 * @param access who may send
 * @param limits what a peer may take
 * @param timeouts how long to wait
 * @param tls the keys; where they are given, every peer must show a certificate; empty for
 *     connections in the clear
 */
public record ReceiveSettings(
    Optional<String> aeTitle,
    String bindAddress,
    int port,
    Path folder,
    Access access,
    ReceiveLimits limits,
    Timeouts timeouts,
    Optional<TlsFiles> tls) {
  /** The address of the loopback interface, which no other machine reaches. */
  public static final String LOOPBACK = "127.0.0.1";

  /**
   * Who may send.
   *
   * @param callingAeTitles the AE titles; empty for all
   * @param peerAddresses names or addresses of their machines; empty for all
   */
  public record Access(Set<String> callingAeTitles, List<String> peerAddresses) {
    /** Everybody who reaches the port. */
    public static final Access ALL = new Access(Set.of(), List.of());

    public Access {
      callingAeTitles = Set.copyOf(callingAeTitles);
      callingAeTitles.forEach(title -> AeTitles.checked("allowed", title));
      peerAddresses = List.copyOf(peerAddresses);
    }
  }

  public ReceiveSettings {
    aeTitle = aeTitle.map(title -> AeTitles.checked("own", title));
    if (port < 0 || port > 0xFFFF) {
      throw new IllegalArgumentException("the port is %d, expected 0 to 65535".formatted(port));
    }
  }

  /** Returns settings with defaults for all but port and folder, on the loopback. */
  public static ReceiveSettings of(int port, Path folder) {
    return new ReceiveSettings(
        Optional.empty(),
        LOOPBACK,
        port,
        folder,
        Access.ALL,
        ReceiveLimits.DEFAULT,
        Timeouts.DEFAULT,
        Optional.empty());
  }
}
