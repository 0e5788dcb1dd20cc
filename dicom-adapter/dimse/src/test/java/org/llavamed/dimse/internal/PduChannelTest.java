package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketOption;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class PduChannelTest {
  /** A connection whose writes last while somebody looks so many times whether they are late. */
  private static final class Slow extends Socket {
    private final ByteArrayOutputStream written = new ByteArrayOutputStream();
    private int looks;
    private Runnable look = () -> {};

    @Override
    public InputStream getInputStream() {
      return InputStream.nullInputStream();
    }

    @Override
    public OutputStream getOutputStream() {
      return new OutputStream() {
        @Override
        public void write(int b) {
          write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
          for (int i = 0; i < looks; i++) {
            look.run();
          }
          if (!isClosed()) {
            written.write(bytes, offset, length);
          }
        }
      };
    }

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public Set<SocketOption<?>> supportedOptions() {
      return Set.of();
    }
  }

  private static Slow write(int looks, int times) throws Exception {
    Slow socket = new Slow();
    Duration patience = Duration.ofSeconds(60);
    try (PduChannel channel = new PduChannel("peer", socket, socket, patience, new Watchdog())) {
      socket.look = channel::closeIfLate;
      socket.looks = looks;
      Thread.currentThread().interrupt();
      for (int i = 0; i < times; i++) {
        channel.write(PduType.A_ABORT, new byte[4]);
      }
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    return socket;
  }

  @Test
  void shortWritesOfAnInterruptedThreadGetThrough() throws Exception {
    assertThat(write(1, 3).written.size()).isEqualTo(30);
  }

  @Test
  void aWriteOfAnInterruptedThreadThatHangsIsEnded() throws Exception {
    assertThat(write(2, 1).written.size()).isZero();
  }
}
