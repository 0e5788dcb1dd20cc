package org.llavamed.dimse.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.llavamed.network.DimseReceiver.Reception;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.StoreOutcome;
import org.llavamed.network.Timeouts;

/** A receiver of ours on the loopback interface. */
final class Loopback implements AutoCloseable {
  static final String AE_TITLE = "RECEIVER";
  static final Timeouts TIMEOUTS = Timeouts.of(Duration.ofSeconds(20));
  static final ReceiveLimits LIMITS = new ReceiveLimits(4, 1 << 14, 1 << 22, 0);

  final List<ReceivedInstance> received = Collections.synchronizedList(new ArrayList<>());
  private final Reception reception;

  Loopback(ReceiveSettings settings) {
    this.reception = new DimseProvider().open(settings, received::add);
  }

  static Loopback open(Path folder) {
    return new Loopback(settings(folder, Access.ALL, LIMITS));
  }

  static ReceiveSettings settings(Path folder, Access access, ReceiveLimits limits) {
    return settings(folder, access, limits, TIMEOUTS);
  }

  static ReceiveSettings settings(
      Path folder, Access access, ReceiveLimits limits, Timeouts timeouts) {
    return new ReceiveSettings(
        Optional.of(AE_TITLE), "127.0.0.1", 0, folder, access, limits, timeouts, Optional.empty());
  }

  int port() {
    return reception.port();
  }

  Peer peer() {
    return peer(port());
  }

  static Peer peer(int port) {
    return new Peer("127.0.0.1", port, AE_TITLE, "SENDER", Optional.empty(), TIMEOUTS);
  }

  static List<StoreOutcome> send(Peer peer, Path... files) {
    List<StoreOutcome> outcomes = new ArrayList<>();
    new DimseUser(null).store(peer, List.of(files), outcomes::add);
    return outcomes;
  }

  @Override
  public void close() {
    reception.close();
  }
}
