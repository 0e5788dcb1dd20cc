package org.llavamed.command.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.llavamed.network.CommitOutcome;
import org.llavamed.network.DimseClient;
import org.llavamed.network.DimseReceiver;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.RetrieveOutcome;
import org.llavamed.network.StoreOutcome;

/**
 * A network that remembers what it is asked. Files named {@code bad} are not stored, files named
 * {@code lost} are not committed; the host {@code nowhere} does not answer, {@code empty} has
 * nothing.
 */
final class FakeNetwork implements DimseClient, DimseReceiver {
  final List<Object> asked = new ArrayList<>();

  private static StoreOutcome outcome(Path file) {
    boolean bad = file.endsWith("bad");
    return new StoreOutcome(
        file, "1.2", file.getFileName().toString(), "", bad ? 0xA700 : 0, bad ? "no room" : "");
  }

  private void ask(Object... what) {
    for (Object each : what) {
      if (each instanceof Peer peer && peer.host().equals("nowhere")) {
        throw NetworkException.failed(peer, "no such host", "Check the name");
      }
      asked.add(each);
    }
  }

  @Override
  public Echo echo(Peer peer) {
    ask(peer);
    return new Echo("1.2.3", "FAKE\u001b", 16384, 12.4);
  }

  @Override
  public void store(Peer peer, List<Path> files, Consumer<StoreOutcome> each) {
    ask(peer);
    files.forEach(file -> each.accept(outcome(file)));
  }

  @Override
  public boolean find(Peer peer, Query query, int most, Consumer<Match> each) {
    ask(peer, query, most);
    if (!peer.host().equals("empty")) {
      each.accept(new Match(new TreeMap<>(Map.of("PatientID", "P1")), "{\"00100020\":{}}"));
    }
    return most != 1;
  }

  @Override
  public RetrieveOutcome get(
      Peer peer, Query query, ReceiveSettings settings, Consumer<ReceivedInstance> each) {
    ask(peer, query, settings);
    if (peer.host().equals("empty")) {
      return new RetrieveOutcome(0, 0, 0, 0, "nothing matched.");
    }
    each.accept(new ReceivedInstance(Path.of("a.dcm"), "1.2", "1.2.3", "1", "PACS", 9, false));
    return new RetrieveOutcome(1, 0, 0, 0, "");
  }

  @Override
  public RetrieveOutcome move(Peer peer, Query query, String destination) {
    ask(peer, query, destination);
    return new RetrieveOutcome(1, 2, 0, 0xB000, "2 failed.");
  }

  @Override
  public CommitOutcome commit(
      Peer peer,
      List<StoreOutcome> instances,
      Optional<ReceiveSettings> settings,
      Duration patience) {
    ask(patience);
    settings.ifPresent(asked::add);
    return new CommitOutcome(
        "1",
        instances.stream()
            .map(StoreOutcome::sopInstanceUid)
            .filter(uid -> !uid.equals("lost"))
            .toList(),
        Map.of("lost", "0112 (no such SOP instance)"));
  }

  @Override
  public Reception open(ReceiveSettings settings, Consumer<ReceivedInstance> each) {
    ask(settings);
    each.accept(new ReceivedInstance(Path.of("a.dcm"), "1.2", "1.2.3", "1", "ME", 9, true));
    return new Reception() {
      @Override
      public int port() {
        return 1234;
      }

      @Override
      public void close() {
        asked.add("closed");
      }
    };
  }
}
