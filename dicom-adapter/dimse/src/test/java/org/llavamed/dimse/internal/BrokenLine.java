package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** A line to a port that carries so many bytes one way, and then stalls or is cut. */
final class BrokenLine implements AutoCloseable {
  /** What happens after the last byte. */
  enum Fate {
    /** Nothing more is carried, and nothing is closed. */
    STALLS,
    /** Both ends are closed. */
    IS_CUT
  }

  private final ServerSocket server;
  private final Future<Boolean> carried;
  private final ExecutorService threads = Executors.newCachedThreadPool();

  /**
   * Opens the line; it carries one connection.
   *
   * @param port of the receiver
   * @param bytes to carry to the receiver
   */
  BrokenLine(int port, long bytes, Fate fate) {
    try {
      server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    carried = threads.submit(() -> carry(port, bytes, fate));
  }

  int port() {
    return server.getLocalPort();
  }

  /** Waits for the end of the line; returns whether its last byte was one within a PDU. */
  boolean endedWithinPdu() throws ExecutionException, InterruptedException {
    return carried.get();
  }

  private boolean carry(int port, long bytes, Fate fate) throws IOException {
    Pdus pdus = new Pdus();
    try (Socket sender = server.accept();
        Socket receiver = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Future<Long> back =
          threads.submit(() -> receiver.getInputStream().transferTo(sender.getOutputStream()));
      InputStream in = sender.getInputStream();
      OutputStream out = receiver.getOutputStream();
      byte[] block = new byte[1 << 12];
      long left = bytes;
      while (left > 0) {
        int count = in.read(block, 0, (int) Math.min(block.length, left));
        if (count < 0) {
          throw new IOException("The sender ended before its line did");
        }
        out.write(block, 0, count);
        pdus.pass(ByteBuffer.wrap(block, 0, count));
        left -= count;
      }
      if (fate == Fate.STALLS) {
        await(back);
      }
    }
    return pdus.isWithin();
  }

  /** Follows the PDUs that pass. */
  private static final class Pdus {
    private final ByteBuffer header = ByteBuffer.allocate(6);
    private long left;

    void pass(ByteBuffer bytes) {
      while (bytes.hasRemaining()) {
        if (left > 0) {
          int step = (int) Math.min(left, bytes.remaining());
          bytes.position(bytes.position() + step);
          left -= step;
        } else {
          header.put(bytes.get());
          if (!header.hasRemaining()) {
            left = header.getInt(2) & 0xFFFFFFFFL;
            header.clear();
          }
        }
      }
    }

    boolean isWithin() {
      return left > 0 || header.position() > 0;
    }
  }

  /** Waits until the receiver gives up. */
  private static void await(Future<Long> back) {
    try {
      back.get();
    } catch (InterruptedException | ExecutionException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    carried.cancel(true);
    threads.shutdownNow();
    try {
      server.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
