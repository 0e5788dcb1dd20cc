package org.llavamed.dimse.internal;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;
import org.jspecify.annotations.Nullable;
import org.llavamed.network.NetworkException;

/**
 * A transport connection that carries PDUs. For use by one thread, but for {@link #close}. All
 * failures are {@link NetworkException}s that name the peer, so that an IOException in a copying
 * loop is one of the file.
 */
final class PduChannel implements AutoCloseable, Watchdog.Watched {
  private static final System.Logger LOGGER = System.getLogger(PduChannel.class.getName());
  private static final int BUFFER = 1 << 16;
  private static final int HEADER = 6;
  static final String INTERRUPTED = "the work was interrupted, so that the association was aborted";
  static final String START_AGAIN = "Start again";
  private static final String CHECK_PEER = "Check that it is up and look into its log";

  /**
   * What stands before a PDU.
   *
   * @param code PDU type
   * @param length of what follows, unsigned
   */
  record Header(int code, long length) {}

  private final Object peer;
  private final Socket transport;
  private final Socket socket;
  private final DataInputStream in;
  private final OutputStream out;
  private final boolean acknowledgesAtOnce;
  private final Duration patience;
  private final Watchdog watchdog;
  private String awaited = "";
  private Duration allowed = Duration.ZERO;
  private long readEnd;
  private volatile long writeEnd;
  private long interruptedWrite;
  private volatile @Nullable Thread waiting;
  private volatile boolean interrupted;
  private volatile boolean late;
  private volatile boolean closed;

  /**
   * Takes a connection over.
   *
   * @param peer what messages name
   * @param transport the connection itself
   * @param socket what to read from: the same, or the TLS layer above it
   * @param patience until a write must be through
   */
  PduChannel(Object peer, Socket transport, Socket socket, Duration patience, Watchdog watchdog)
      throws IOException {
    this.peer = peer;
    this.transport = transport;
    this.socket = socket;
    this.patience = patience;
    this.watchdog = watchdog;
    transport.setTcpNoDelay(true);
    this.acknowledgesAtOnce =
        transport.supportedOptions().contains(ExtendedSocketOptions.TCP_QUICKACK);
    this.in = new DataInputStream(new BufferedInputStream(new Timed(), BUFFER));
    this.out = socket.getOutputStream();
    watchdog.watch(this);
  }

  Object peer() {
    return peer;
  }

  /** Reads from the socket until the time is over. */
  private final class Timed extends InputStream {
    private final InputStream stream = socket.getInputStream();

    Timed() throws IOException {}

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      long left = TimeUnit.NANOSECONDS.toMillis(readEnd - System.nanoTime());
      if (left <= 0) {
        throw new SocketTimeoutException();
      }
      socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, left));
      waiting = Thread.currentThread();
      try {
        return stream.read(bytes, offset, length);
      } finally {
        waiting = null;
      }
    }
  }

  /**
   * Reads the header of the next PDU, and starts the time within which the whole PDU must come.
   *
   * @param what is awaited, for messages
   */
  Header header(Duration timeout, String what) {
    awaited = what;
    allowed = timeout;
    readEnd = System.nanoTime() + timeout.toNanos();
    checkInterrupt();
    try {
      acknowledgeAtOnce();
      int code = in.readUnsignedByte();
      in.readByte();
      return new Header(code, in.readInt() & 0xFFFFFFFFL);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /**
   * Has the system acknowledge what comes next at once, where it can. Peers that leave Nagle's
   * algorithm on and write the header of a PDU before the rest (dcmtk does) send that rest only
   * when the header is acknowledged, which the system puts off for 40 ms. The system forgets the
   * wish after a while, therefore it is repeated.
   */
  private void acknowledgeAtOnce() throws IOException {
    if (acknowledgesAtOnce) {
      transport.setOption(ExtendedSocketOptions.TCP_QUICKACK, true);
    }
  }

  /**
   * Ends the work of an interrupted thread before it sends or awaits more.
   *
   * @throws NetworkException if this thread is interrupted, and stays so
   */
  void checkInterrupt() {
    if (Thread.currentThread().isInterrupted()) {
      throw NetworkException.failed(peer, INTERRUPTED, START_AGAIN);
    }
  }

  /** Waits until a PDU or the end of the connection comes; false where the time is over before. */
  boolean comes(Duration timeout, String what) {
    awaited = what;
    allowed = timeout;
    readEnd = System.nanoTime() + timeout.toNanos();
    checkInterrupt();
    try {
      acknowledgeAtOnce();
      in.mark(1);
      in.read();
      in.reset();
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Reads bytes of a PDU, whose number was checked. */
  byte[] take(int length) {
    byte[] bytes = new byte[length];
    try {
      in.readFully(bytes);
      return bytes;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Reads at least one byte of a PDU. */
  int read(byte[] bytes, int offset, int length) {
    try {
      int count = in.read(bytes, offset, length);
      if (count < 0) {
        throw new EOFException();
      }
      return count;
    } catch (IOException e) {
      throw failed(e);
    }
  }

  int readInt() {
    try {
      return in.readInt();
    } catch (IOException e) {
      throw failed(e);
    }
  }

  /** Reads until the peer closes the connection, or the time is over. */
  void awaitEnd(Duration timeout) {
    readEnd = System.nanoTime() + timeout.toNanos();
    byte[] rest = new byte[1 << 12];
    try {
      int count = 0;
      while (count >= 0) {
        count = in.read(rest);
      }
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "{0} did not close: {1}", peer, e);
    }
  }

  /** Writes a PDU. */
  void write(PduType type, byte[] body) {
    ByteBuffer pdu = ByteBuffer.allocate(HEADER + body.length);
    pdu.put((byte) type.code()).put((byte) 0).putInt(body.length).put(body);
    write(pdu.array(), pdu.position());
  }

  /** Writes bytes that make a whole PDU. */
  void write(byte[] pdu, int length) {
    writeEnd = System.nanoTime() + patience.toNanos() | 1;
    waiting = Thread.currentThread();
    try {
      out.write(pdu, 0, length);
      out.flush();
    } catch (IOException e) {
      throw failed(e);
    } finally {
      waiting = null;
      writeEnd = 0;
    }
  }

  /**
   * Closes the connection where a write has taken too long, and wakes a thread that waits for it
   * and is interrupted, which a blocking socket does not do. A write of an interrupted thread is
   * left alone the first time that it is seen: it may be the abort.
   */
  @Override
  public void closeIfLate() {
    long end = writeEnd;
    Thread thread = waiting;
    if (thread != null && thread.isInterrupted()) {
      long before = interruptedWrite;
      interruptedWrite = end;
      if (end != 0 && end != before) {
        return;
      }
      interrupted = true;
      wake(end != 0);
      return;
    }
    if (end != 0 && System.nanoTime() - end > 0) {
      late = true;
      closeTransport();
    }
  }

  /** Ends a read so that an abort can still be sent; a write that hangs takes the whole away. */
  private void wake(boolean writes) {
    try {
      if (writes) {
        transport.close();
      } else {
        transport.shutdownInput();
      }
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "{0} cannot be closed: {1}", peer, e);
    }
  }

  private NetworkException failed(IOException e) {
    if (interrupted) {
      return NetworkException.failed(peer, INTERRUPTED, START_AGAIN, e);
    }
    if (late) {
      return NetworkException.failed(
          peer, "it takes no data since %s".formatted(seconds(patience)), CHECK_PEER, e);
    }
    if (closed) {
      return NetworkException.failed(peer, "the connection was closed here", START_AGAIN, e);
    }
    if (e instanceof SocketTimeoutException) {
      return NetworkException.failed(
          peer,
          "no %s within %s".formatted(awaited, seconds(allowed)),
          "Check that it is up, or raise the time-out",
          e);
    }
    if (e instanceof EOFException) {
      return NetworkException.failed(
          peer, "it closed the connection where %s was due".formatted(awaited), CHECK_PEER, e);
    }
    return NetworkException.failed(
        peer, "the connection broke (%s)".formatted(e.getMessage()), CHECK_PEER, e);
  }

  /** Returns a time, for people. */
  static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  private void closeTransport() {
    try {
      transport.close();
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "{0} cannot be closed: {1}", peer, e);
    }
  }

  /** Closes the connection, and the TLS layer with a notice to the peer. */
  void finish() {
    try {
      if (!closed) {
        socket.setSoTimeout(1);
        socket.close();
      }
    } catch (IOException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "{0} cannot be closed: {1}", peer, e);
    } finally {
      close();
    }
  }

  /** Closes the connection at once; a thread that reads or writes gets an error. */
  @Override
  public void close() {
    closed = true;
    watchdog.forget(this);
    closeTransport();
  }
}
