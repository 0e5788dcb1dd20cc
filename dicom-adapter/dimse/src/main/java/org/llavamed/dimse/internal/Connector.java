package org.llavamed.dimse.internal;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.llavamed.dicom.tls.TlsContexts;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;

/** Opens associations as their requestor (PS3.8 section 9.2, AE-1 to AE-4). */
final class Connector {
  /** Most bytes of an association PDU: 128 contexts with all that they can sensibly hold. */
  static final int MOST_ASSOCIATE_BYTES = 1 << 20;

  private static final int MOST_DATA_BYTES = 1 << 17;
  private static final int SHORT_BODY = 4;
  private static final String DOES_IT_RUN = "Check host, port and firewall, and that it runs";

  private final Watchdog watchdog;
  private final Supplier<Socket> sockets;

  Connector(Watchdog watchdog) {
    this(watchdog, Socket::new);
  }

  /** Makes a connector with unconnected sockets of another kind. */
  Connector(Watchdog watchdog, Supplier<Socket> sockets) {
    this.watchdog = watchdog;
    this.sockets = sockets;
  }

  /**
   * What is proposed beside the titles.
   *
   * @param contexts presentation contexts
   * @param roles role selections by SOP Class UID
   * @param extended extended negotiation by SOP Class UID
   */
  record Proposal(
      List<PresentationContext> contexts,
      Map<String, Associate.Roles> roles,
      Map<String, List<Integer>> extended) {
    static Proposal of(List<PresentationContext> contexts) {
      return new Proposal(contexts, Map.of(), Map.of());
    }
  }

  /**
   * Connects and negotiates.
   *
   * @throws NetworkException if there is no connection, or the peer rejects or does not answer
   */
  Association open(Peer peer, Proposal proposal) {
    Socket transport = sockets.get();
    boolean open = false;
    try {
      Socket socket = connect(peer, transport);
      PduChannel channel =
          new PduChannel(peer, transport, socket, peer.timeouts().response(), watchdog);
      try {
        Association association = negotiate(channel, peer, proposal);
        open = true;
        return association;
      } finally {
        if (!open) {
          channel.close();
        }
      }
    } catch (IOException e) {
      throw unreachable(peer, e);
    } finally {
      if (!open) {
        close(transport);
      }
    }
  }

  private Socket connect(Peer peer, Socket transport) throws IOException {
    int timeout = (int) Math.min(Integer.MAX_VALUE, peer.timeouts().connect().toMillis());
    transport.connect(new InetSocketAddress(peer.host(), peer.port()), timeout);
    if (peer.tls().isEmpty()) {
      return transport;
    }
    return new SecureSockets(TlsContexts.of(peer.tls().get()), watchdog)
        .client(transport, peer.host(), peer.timeouts().connect());
  }

  private static NetworkException unreachable(Peer peer, IOException e) {
    if (e instanceof UnknownHostException) {
      return NetworkException.failed(peer, "no such host", "Check the name", e);
    }
    if (e instanceof SSLException) {
      return NetworkException.failed(
          peer,
          "TLS failed (%s)".formatted(e.getMessage()),
          "Check that it speaks TLS 1.2 or 1.3 and that each side trusts the other's certificate",
          e);
    }
    if (e instanceof SocketTimeoutException) {
      return NetworkException.failed(
          peer,
          "no connection within " + PduChannel.seconds(peer.timeouts().connect()),
          DOES_IT_RUN,
          e);
    }
    String found =
        e instanceof ConnectException
            ? "the connection was refused"
            : "no connection (%s)".formatted(e.getMessage());
    return NetworkException.failed(peer, found, DOES_IT_RUN, e);
  }

  private static void close(Socket transport) {
    try {
      transport.close();
    } catch (IOException e) {
      System.getLogger(Connector.class.getName())
          .log(System.Logger.Level.DEBUG, "A socket cannot be closed: {0}", e.toString());
    }
  }

  private static Association negotiate(PduChannel channel, Peer peer, Proposal proposal) {
    Associate request =
        new Associate(
            peer.calledAeTitle(),
            peer.callingAeTitle(),
            Associate.APPLICATION_CONTEXT,
            proposal.contexts(),
            Associate.User.ours(MOST_DATA_BYTES, proposal.roles(), proposal.extended()));
    channel.write(PduType.A_ASSOCIATE_RQ, AssociateWriter.write(request, true));
    PduChannel.Header header =
        channel.header(peer.timeouts().association(), "answer to the association request");
    PduType type = PduType.of(header.code()).orElse(null);
    if (type == PduType.A_ASSOCIATE_RJ && header.length() == SHORT_BODY) {
      throw rejected(peer, channel.take(SHORT_BODY));
    }
    if (type == PduType.A_ABORT && header.length() == SHORT_BODY) {
      throw PduInput.aborted(channel);
    }
    if (type != PduType.A_ASSOCIATE_AC || header.length() > MOST_ASSOCIATE_BYTES) {
      throw abort(
          channel,
          Abort.UNEXPECTED_PDU,
          "PDU type %02X of %d bytes answers the association request"
              .formatted(header.code(), header.length()));
    }
    try {
      ByteBuffer body = ByteBuffer.wrap(channel.take((int) header.length()));
      Associate answer = AssociateReader.read(body, false);
      return new Association(channel, request, answer, peer.timeouts(), true);
    } catch (PduException e) {
      throw abort(
          channel,
          Abort.INVALID_PARAMETER,
          "its A-ASSOCIATE-AC is damaged (%s)".formatted(e.getMessage()));
    }
  }

  private static NetworkException abort(PduChannel channel, Abort reason, String found) {
    channel.write(
        PduType.A_ABORT, new byte[] {0, 0, (byte) reason.source(), (byte) reason.reason()});
    return NetworkException.failed(
        channel.peer(), found, "Check that the port is one of DICOM, with or without TLS as given");
  }

  private static NetworkException rejected(Peer peer, byte[] body) {
    Rejection rejection = Rejection.of(body[2] & 0xFF, body[3] & 0xFF);
    return NetworkException.failed(
        peer,
        "it rejects the association of %s (%s, %s)"
            .formatted(
                peer.callingAeTitle(), rejection.text(), body[1] == 1 ? "permanent" : "transient"),
        rejection.advice());
  }
}
