package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.llavamed.network.Peer;
import org.llavamed.network.Timeouts;

/**
 * A peer in this process: it accepts all contexts and roles of each association, one after the
 * other, and then does as a test says.
 */
final class ScriptedPeer implements AutoCloseable {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final ServerSocket server;
  private final Map<String, List<Integer>> extended;
  private final Script script;
  private final CompletableFuture<Boolean> played = new CompletableFuture<>();
  private volatile Optional<Associate> request = Optional.empty();

  /** What the peer does on an association. */
  interface Script {
    void play(Association association) throws Exception;
  }

  private ScriptedPeer(ServerSocket server, Map<String, List<Integer>> extended, Script script) {
    this.server = server;
    this.extended = extended;
    this.script = script;
  }

  static ScriptedPeer start(Script script) throws IOException {
    return start(Map.of(), script);
  }

  /**
   * Starts a peer.
   *
   * @param extended what it answers to extended negotiation
   */
  static ScriptedPeer start(Map<String, List<Integer>> extended, Script script) throws IOException {
    ScriptedPeer peer =
        new ScriptedPeer(
            new ServerSocket(0, 5, InetAddress.getLoopbackAddress()), extended, script);
    Thread thread = new Thread(peer::serve, "scripted-peer");
    thread.setDaemon(true);
    thread.start();
    return peer;
  }

  private void serve() {
    while (!server.isClosed()) {
      try (Socket socket = server.accept();
          Association association = accept(socket)) {
        script.play(association);
        played.complete(true);
      } catch (Exception | AssertionError e) {
        played.completeExceptionally(e);
      }
    }
  }

  private Association accept(Socket socket) throws IOException, PduException {
    PduChannel channel = new PduChannel("client", socket, socket, PATIENCE, new Watchdog());
    int length = (int) channel.header(PATIENCE, "A-ASSOCIATE-RQ").length();
    Associate asked = AssociateReader.read(ByteBuffer.wrap(channel.take(length)), true);
    request = Optional.of(asked);
    Associate answer =
        new Associate(
            asked.calledAeTitle(),
            asked.callingAeTitle(),
            Associate.APPLICATION_CONTEXT,
            asked.contexts().stream()
                .map(
                    context ->
                        new PresentationContext(
                            context.id(), 0, "", context.transferSyntaxes().subList(0, 1)))
                .toList(),
            Associate.User.ours(1 << 14, asked.user().roles(), extended));
    channel.write(PduType.A_ASSOCIATE_AC, AssociateWriter.write(answer, false));
    return new Association(channel, answer, asked, Timeouts.of(PATIENCE), false);
  }

  /** Returns how the peer is reached. */
  Peer peer(Timeouts timeouts) {
    return new Peer(
        "127.0.0.1",
        server.getLocalPort(),
        Loopback.AE_TITLE,
        "SENDER",
        Optional.empty(),
        timeouts);
  }

  /** Returns what was asked for last. */
  Associate request() {
    return request.orElseThrow();
  }

  /** Waits for a message. */
  static Message message(Association association) {
    return association.message(PATIENCE, "message");
  }

  /** Waits for the release by the client, which must come next, and answers it. */
  static void awaitRelease(Association association) {
    assertThat(association.next(PATIENCE, "release")).isEmpty();
  }

  /** Waits for the end of the first script, and fails where it failed. */
  void awaitEnd() throws Exception {
    assertThat(played.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
