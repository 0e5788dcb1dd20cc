package org.llavamed.dimse.internal;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.tls.TlsContexts;

/** Puts TLS above connections; a handshake that takes too long ends with the connection. */
final class SecureSockets {
  private final SSLContext context;
  private final Watchdog watchdog;

  SecureSockets(SSLContext context, Watchdog watchdog) {
    this.context = context;
    this.watchdog = watchdog;
  }

  /** Returns the client's side; the peer's certificate must be one of the host. */
  Socket client(Socket transport, String host, Duration patience) throws IOException {
    SSLParameters parameters = TlsContexts.parameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    return shake(transport, host, parameters, patience);
  }

  /** Returns the server's side; the peer must show a certificate. */
  Socket server(Socket transport, Duration patience) throws IOException {
    SSLParameters parameters = TlsContexts.parameters();
    parameters.setNeedClientAuth(true);
    return shake(transport, null, parameters, patience);
  }

  private Socket shake(
      Socket transport, @Nullable String host, SSLParameters parameters, Duration patience)
      throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context.getSocketFactory().createSocket(transport, host, transport.getPort(), true);
    socket.setUseClientMode(host != null);
    socket.setSSLParameters(parameters);
    socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, patience.toMillis()));
    long end = System.nanoTime() + patience.toNanos();
    Watchdog.Watched watched =
        () -> {
          if (System.nanoTime() - end > 0) {
            close(transport);
          }
        };
    watchdog.watch(watched);
    try {
      socket.startHandshake();
      return socket;
    } catch (IOException e) {
      if (e instanceof SocketTimeoutException || System.nanoTime() - end > 0) {
        throw new SSLException(
            "the handshake did not end within " + PduChannel.seconds(patience), e);
      }
      throw e;
    } finally {
      watchdog.forget(watched);
    }
  }

  private static void close(Socket transport) {
    try {
      transport.close();
    } catch (IOException e) {
      System.getLogger(SecureSockets.class.getName())
          .log(System.Logger.Level.DEBUG, "A socket cannot be closed: {0}", e.toString());
    }
  }
}
