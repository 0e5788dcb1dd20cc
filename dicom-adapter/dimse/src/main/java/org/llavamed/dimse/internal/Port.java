package org.llavamed.dimse.internal;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.llavamed.dicom.tls.TlsContexts;
import org.llavamed.network.DimseReceiver.Reception;
import org.llavamed.network.NetworkException;
import org.llavamed.network.ReceiveSettings;

/**
 * An open port: one thread accepts connections, and each association has one of a bounded pool. A
 * few threads more await requests, and tell peers that there are too many of them.
 */
final class Port implements Reception {
  private static final System.Logger LOGGER = System.getLogger(Port.class.getName());
  private static final int WAITING_THREADS = 16;
  private static final int BACKLOG = 64;
  private static final long CLOSE_SECONDS = 10;
  private static final long ABORT_MILLISECONDS = 2000;
  private static final long PAUSE_NANOSECONDS = 100_000_000;

  private final ReceiveSettings settings;
  private final Watchdog watchdog;
  private final ServerSocket server;
  private final Optional<SecureSockets> tls;
  private final Set<InetAddress> allowed;
  private final Acceptor acceptor;
  private final Optional<StoreScp> store;
  private final EventHandler events;
  private final ThreadPoolExecutor pool;
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final AtomicInteger associations = new AtomicInteger();
  private final Thread accepting;
  private volatile boolean closed;

  /** Takes an N-EVENT-REPORT request whose data set has not been read, and answers it. */
  @FunctionalInterface
  interface EventHandler {
    void handle(Association association, Message request);
  }

  private Port(
      ReceiveSettings settings,
      Watchdog watchdog,
      ServerSocket server,
      Optional<StoreScp> store,
      EventHandler events) {
    this.settings = settings;
    this.watchdog = watchdog;
    this.server = server;
    this.tls = settings.tls().map(files -> new SecureSockets(TlsContexts.of(files), watchdog));
    this.allowed = addresses(settings);
    this.acceptor = new Acceptor(settings, store.isPresent());
    this.store = store;
    this.events = events;
    this.pool =
        new ThreadPoolExecutor(
            0,
            settings.limits().associations() + WAITING_THREADS,
            30,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> daemon(task, "dimse-association"));
    this.accepting = daemon(this::accept, "dimse-accept");
  }

  /**
   * Opens the port and starts its threads.
   *
   * @param store takes objects; empty for a port that takes none
   */
  static Port open(
      ReceiveSettings settings, Watchdog watchdog, Optional<StoreScp> store, EventHandler events) {
    try {
      return open(new ServerSocket(), settings, watchdog, store, events);
    } catch (IOException e) {
      throw failed(settings, e);
    }
  }

  /** As {@link #open(ReceiveSettings, Watchdog, Optional, EventHandler)}, by an unbound socket. */
  static Port open(
      ServerSocket server,
      ReceiveSettings settings,
      Watchdog watchdog,
      Optional<StoreScp> store,
      EventHandler events) {
    try {
      boolean open = false;
      try {
        server.setReuseAddress(true);
        server.bind(
            new InetSocketAddress(InetAddress.getByName(settings.bindAddress()), settings.port()),
            BACKLOG);
        Port port = new Port(settings, watchdog, server, store, events);
        port.accepting.start();
        open = true;
        return port;
      } finally {
        if (!open) {
          server.close();
        }
      }
    } catch (IOException e) {
      throw failed(settings, e);
    }
  }

  private static NetworkException failed(ReceiveSettings settings, IOException e) {
    return NetworkException.failed(
        "%s:%d".formatted(settings.bindAddress(), settings.port()),
        "the port cannot be opened (%s)".formatted(e.getMessage()),
        "Choose a free port above 1023 and an address of this machine",
        e);
  }

  private static Thread daemon(Runnable task, String name) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    return thread;
  }

  private static Set<InetAddress> addresses(ReceiveSettings settings) {
    Set<InetAddress> addresses = new HashSet<>();
    for (String name : settings.access().peerAddresses()) {
      try {
        addresses.addAll(Set.of(InetAddress.getAllByName(name)));
      } catch (UnknownHostException e) {
        throw NetworkException.failed(
            name, "no such host in the list of allowed peers", "Check the name", e);
      }
    }
    return addresses;
  }

  @Override
  public int port() {
    return server.getLocalPort();
  }

  private void accept() {
    while (!closed) {
      try {
        Socket socket = server.accept();
        sockets.add(socket);
        take(socket);
      } catch (IOException | RuntimeException | OutOfMemoryError e) {
        if (!closed) {
          LOGGER.log(System.Logger.Level.WARNING, "A connection was not accepted: {0}", e);
          LockSupport.parkNanos(PAUSE_NANOSECONDS); // what is short now may be there again soon
        }
      }
    }
  }

  private void take(Socket socket) {
    if (!allowed.isEmpty() && !allowed.contains(socket.getInetAddress())) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0}: a connection was closed, the address is not in the list of allowed peers",
          socket.getRemoteSocketAddress());
      forget(socket);
      return;
    }
    try {
      pool.execute(() -> serve(socket));
    } catch (RejectedExecutionException | OutOfMemoryError e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0}: a connection was closed, there are too many",
          socket.getRemoteSocketAddress());
      forget(socket);
    }
  }

  private void serve(Socket socket) {
    AtomicBoolean counted = new AtomicBoolean();
    try (PduChannel channel = channel(socket);
        Association association = acceptor.accept(channel, () -> isFull(counted))) {
      serve(association);
    } catch (NetworkException e) {
      LOGGER.log(System.Logger.Level.WARNING, e.getMessage());
    } catch (IOException e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "{0}: the connection failed: {1}",
          socket.getRemoteSocketAddress(),
          e);
    } catch (RuntimeException | Error e) {
      LOGGER.log(System.Logger.Level.ERROR, "An association failed unexpectedly", e);
    } finally {
      if (counted.get()) {
        associations.decrementAndGet();
      }
      forget(socket);
    }
  }

  /** Counts an association that is asked for: a connection alone takes no place. */
  private boolean isFull(AtomicBoolean counted) {
    counted.set(true);
    return associations.incrementAndGet() > settings.limits().associations();
  }

  private PduChannel channel(Socket transport) throws IOException {
    String peer =
        "%s:%d".formatted(transport.getInetAddress().getHostAddress(), transport.getPort());
    Socket socket = transport;
    if (tls.isPresent()) {
      socket = tls.get().server(transport, settings.timeouts().association());
    }
    return new PduChannel(peer, transport, socket, settings.timeouts().response(), watchdog);
  }

  private void serve(Association association) {
    Optional<Message> message = association.next(settings.timeouts().idle(), "message");
    while (message.isPresent()) {
      Message request = message.get();
      switch (request.field()) {
        case CommandField.C_ECHO_RQ ->
            association.send(request.contextId(), request.response(Status.SUCCESS, ""));
        case CommandField.C_STORE_RQ ->
            store
                .orElseThrow(() -> association.unexpected(request, "N-EVENT-REPORT-RQ"))
                .store(association, request, association.remote().callingAeTitle());
        case CommandField.N_EVENT_REPORT_RQ -> events.handle(association, request);
        case CommandField.C_CANCEL_RQ -> LOGGER.log(System.Logger.Level.DEBUG, "Nothing to cancel");
        default -> {
          association.skipDataSet(request);
          association.send(
              request.contextId(), request.response(Status.UNRECOGNISED_OPERATION, ""));
        }
      }
      message = association.next(settings.timeouts().idle(), "message");
    }
  }

  private void forget(Socket socket) {
    sockets.remove(socket);
    try {
      socket.close();
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "A socket cannot be closed: {0}", e.toString());
    }
  }

  /** Takes no more connections, and waits until the associations that there are have ended. */
  void finish(Duration timeout) {
    stopAccepting();
    pool.shutdown();
    await(timeout.toMillis());
  }

  private void await(long milliseconds) {
    try {
      if (!pool.awaitTermination(milliseconds, TimeUnit.MILLISECONDS)) {
        LOGGER.log(System.Logger.Level.DEBUG, "Associations go on");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void stopAccepting() {
    closed = true;
    try {
      server.close();
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "The port cannot be closed: {0}", e.toString());
    }
  }

  /** Aborts the associations that there are. */
  @Override
  public void close() {
    stopAccepting();
    pool.shutdownNow(); // an interrupted association aborts
    await(ABORT_MILLISECONDS);
    sockets.forEach(this::forget);
    await(TimeUnit.SECONDS.toMillis(CLOSE_SECONDS));
  }
}
