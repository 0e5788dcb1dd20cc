package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.Timeouts;
import org.llavamed.network.TlsFiles;

/** Peers that fall silent while we wait for them as clients. */
final class TimeoutTest {
  private static final Duration BRIEF = Duration.ofMillis(200);
  private static final Timeouts BRIEF_CONNECTION =
      new Timeouts(
          BRIEF,
          ScriptedPeer.PATIENCE,
          ScriptedPeer.PATIENCE,
          ScriptedPeer.PATIENCE,
          ScriptedPeer.PATIENCE);
  private static final Timeouts BRIEF_RESPONSE =
      new Timeouts(
          ScriptedPeer.PATIENCE,
          ScriptedPeer.PATIENCE,
          BRIEF,
          ScriptedPeer.PATIENCE,
          ScriptedPeer.PATIENCE);
  private static final Query STUDY =
      new Query(QueryLevel.STUDY, false, Map.of("StudyInstanceUID", Objects.STUDY));

  @TempDir Path folder;
  private final DimseUser client = new DimseUser();

  private static void expect(String message, ThrowingCallable call) {
    assertThatThrownBy(call).isInstanceOf(NetworkException.class).hasMessageContaining(message);
  }

  private static Peer peer(int port, Optional<TlsFiles> tls) {
    return new Peer("127.0.0.1", port, Loopback.AE_TITLE, "SENDER", tls, BRIEF_CONNECTION);
  }

  @Test
  void aConnectionThatIsNotTakenIsNamed() throws IOException {
    List<Socket> queue = new ArrayList<>();
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      boolean full = false;
      while (!full && queue.size() < 100) {
        Socket socket = new Socket();
        queue.add(socket);
        full = !connects(socket, server.getLocalPort());
      }
      Program.skipUnless(full, "the system takes any number of connections that nobody accepts");
      expect(
          "no connection within 200 ms. Check host, port and firewall",
          () -> client.echo(peer(server.getLocalPort(), Optional.empty())));
    } finally {
      for (Socket socket : queue) {
        socket.close();
      }
    }
  }

  private static boolean connects(Socket socket, int port) throws IOException {
    try {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 500);
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    }
  }

  /** Whether it says nothing, or a byte of a record now and then, which never ends. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aTlsHandshakeThatDoesNotEndIsNamed(boolean drips) throws IOException {
    TlsFiles tls = new TlsFiles(Optional.empty(), Optional.empty(), List.of(), "");
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> hang(server, drips));
      thread.setDaemon(true);
      thread.start();
      expect(
          "TLS failed (the handshake did not end within 200 ms). Check that it speaks TLS 1.2 or"
              + " 1.3",
          () -> client.echo(peer(server.getLocalPort(), Optional.of(tls))));
    }
  }

  private static void hang(ServerSocket server, boolean drips) {
    byte[] record = {0x16, 3, 3, 0x40, 0};
    try (Socket socket = server.accept()) {
      for (int i = 0; i < 400; i++) {
        if (drips) {
          socket.getOutputStream().write(i < record.length ? record[i] : 2);
        }
        Thread.sleep(50);
      }
    } catch (IOException | InterruptedException e) {
      System.out.println("The client has gone: " + e);
    }
  }

  private void expectWithoutResponse(String due, PeerCall call) throws IOException {
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            association -> {
              association.skipDataSet(ScriptedPeer.message(association));
              ScriptedPeer.message(association); // the client aborts instead
            })) {
      expect("no " + due + " within ", () -> call.call(peer.peer(BRIEF_RESPONSE)));
    }
  }

  /** A call of a peer. */
  private interface PeerCall {
    void call(Peer peer);
  }

  @Test
  void aVerificationWithoutResponseIsNamed() throws IOException {
    expectWithoutResponse("C-ECHO-RSP", client::echo);
  }

  @Test
  void aQueryWithoutResponseIsNamed() throws IOException {
    expectWithoutResponse("C-FIND-RSP", peer -> client.find(peer, STUDY, 0, match -> {}));
  }

  @Test
  void aRetrievalWithoutResponseIsNamed() throws IOException {
    expectWithoutResponse(
        "C-GET-RSP or C-STORE-RQ",
        peer ->
            client.get(
                peer,
                STUDY,
                Loopback.settings(folder, Access.ALL, Loopback.LIMITS),
                instance -> {}));
    expectWithoutResponse("C-MOVE-RSP", peer -> client.move(peer, STUDY, "OTHER"));
  }
}
