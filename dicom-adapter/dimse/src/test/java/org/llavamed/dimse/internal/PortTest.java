package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.Uids;
import org.llavamed.network.NetworkException;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.StoreOutcome;

/** How a port begins, fails and ends. */
final class PortTest {
  private static final int WAITING_THREADS = 16;

  @RegisterExtension final UnexpectedFailures unexpected = new UnexpectedFailures();
  @TempDir Path folder;

  private ReceiveSettings settings() {
    return Loopback.settings(folder.resolve("out"), Access.ALL, Loopback.LIMITS);
  }

  private Path image(int side) {
    return Objects.write(folder, "a.dcm", Objects.image(1, side), Uids.ExplicitVRLittleEndian);
  }

  private Port open(ServerSocket server, Consumer<ReceivedInstance> each) throws IOException {
    ReceiveSettings settings = settings();
    StoreScp store = new StoreScp(new InstanceStore(settings.folder()), settings.limits(), each);
    return Port.open(
        server, settings, new Watchdog(), Optional.of(store), (association, report) -> {});
  }

  /**
   * Fails as the system does that has no file descriptors left, or no memory, and then recovers.
   */
  private static final class Failing extends ServerSocket {
    private final AtomicInteger failures = new AtomicInteger();

    Failing() throws IOException {}

    @Override
    public Socket accept() throws IOException {
      switch (failures.getAndIncrement()) {
        case 0 -> throw new IOException("Too many open files");
        case 1 -> throw new OutOfMemoryError("unable to create native thread");
        case 2 -> throw new SecurityException("not from there");
        default -> {
          return super.accept();
        }
      }
    }
  }

  @Test
  void failuresOfAcceptingEndNoPort() throws Exception {
    Failing server = new Failing();
    try (Port port = open(server, each -> {})) {
      assertThat(new DimseUser().echo(Loopback.peer(port.port())).milliseconds()).isPositive();
      assertThat(server.failures).hasValueGreaterThan(3);
    }
  }

  @Test
  void connectionsForWhichThereIsNoThreadAreClosedAtOnce() throws Exception {
    ReceiveLimits limits = new ReceiveLimits(1, 1 << 14, 1 << 20, 0);
    List<Socket> idle = new ArrayList<>();
    try (Loopback loopback =
        new Loopback(Loopback.settings(folder.resolve("out"), Access.ALL, limits))) {
      for (int i = 0; i < 1 + WAITING_THREADS; i++) {
        idle.add(new Socket(InetAddress.getLoopbackAddress(), loopback.port()));
      }
      try (Socket above = new Socket(InetAddress.getLoopbackAddress(), loopback.port())) {
        above.setSoTimeout(10_000);
        assertThat(above.getInputStream().read()).isEqualTo(-1);
      }
      idle.remove(0).close();
      assertThat(answersSoon(loopback)).isTrue();
    } finally {
      for (Socket socket : idle) {
        socket.close();
      }
    }
  }

  private static boolean answersSoon(Loopback loopback) throws InterruptedException {
    for (int i = 0; i < 100; i++) {
      try {
        return new DimseUser().echo(loopback.peer()).milliseconds() > 0;
      } catch (NetworkException notYet) {
        Thread.sleep(50);
      }
    }
    return false;
  }

  @Test
  void aPortThatFinishesTakesNoMoreConnectionsAndLetsAssociationsEnd() throws Exception {
    CountDownLatch stored = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Port port =
        open(
            new ServerSocket(),
            each -> {
              stored.countDown();
              await(goOn);
            })) {
      var peer = Loopback.peer(port.port());
      Path file = image(100);
      CompletableFuture<List<StoreOutcome>> sent =
          CompletableFuture.supplyAsync(() -> Loopback.send(peer, file));
      await(stored);
      CompletableFuture<Void> finished =
          CompletableFuture.runAsync(() -> port.finish(Duration.ofSeconds(20)));
      awaitRefusal(peer.port());
      assertThat(finished).isNotDone();
      goOn.countDown();
      assertThat(sent.get(20, TimeUnit.SECONDS)).hasSize(1).allMatch(StoreOutcome::stored);
      finished.get(20, TimeUnit.SECONDS);
    }
  }

  @Test
  void aPortThatFinishesDoesNotWaitForEver() throws Exception {
    CountDownLatch stored = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    try (Port port =
        open(
            new ServerSocket(),
            each -> {
              stored.countDown();
              await(goOn);
            })) {
      var peer = Loopback.peer(port.port());
      Path file = image(20);
      CompletableFuture<List<StoreOutcome>> sent =
          CompletableFuture.supplyAsync(() -> Loopback.send(peer, file));
      await(stored);
      long start = System.nanoTime();
      port.finish(Duration.ofMillis(300));
      assertThat(Duration.ofNanos(System.nanoTime() - start))
          .isBetween(Duration.ofMillis(250), Duration.ofSeconds(10));
      assertThat(sent).isNotDone();
      goOn.countDown();
      assertThat(sent.get(20, TimeUnit.SECONDS)).allMatch(StoreOutcome::stored);
    }
  }

  @Test
  void aPortThatIsClosedWithinAnObjectLeavesNothingOfIt() throws Exception {
    Path out = folder.resolve("out");
    Path file = image(700);
    int number = Program.freePort();
    List<ReceivedInstance> received = new CopyOnWriteArrayList<>();
    try (BrokenLine line = new BrokenLine(number, 500_000, BrokenLine.Fate.STALLS)) {
      CompletableFuture<List<StoreOutcome>> sent;
      try (var reception =
          new DimseProvider().open(ReceiveSettings.of(number, out), received::add)) {
        assertThat(reception.port()).isEqualTo(number);
        sent = CompletableFuture.supplyAsync(() -> Loopback.send(Loopback.peer(line.port()), file));
        while (files(out.resolve(".incoming")).isEmpty()) {
          assertThat(sent).as("it stalls").isNotDone();
          Thread.sleep(20);
        }
      }
      assertThat(files(out.resolve(".incoming"))).isEmpty();
      assertThatThrownBy(() -> sent.get(20, TimeUnit.SECONDS))
          .hasCauseInstanceOf(NetworkException.class);
    }
    assertThat(received).isEmpty();
    assertThat(Objects.kept(out, 1)).doesNotExist();
  }

  @Test
  void anErrorOfOursIsLoggedAndEndsItsAssociationAlone() throws Exception {
    try (Port port =
        open(
            new ServerSocket(),
            each -> {
              throw new AssertionError("a defect");
            })) {
      Path file = image(20);
      assertThatThrownBy(() -> Loopback.send(Loopback.peer(port.port()), file))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("it aborted the association");
      assertThat(new DimseUser().echo(Loopback.peer(port.port())).milliseconds()).isPositive();
    }
    assertThat(unexpected.taken())
        .containsExactly("An association failed unexpectedly: java.lang.AssertionError: a defect");
  }

  private static List<Path> files(Path incoming) throws IOException {
    try (Stream<Path> files = Files.list(incoming)) {
      return files.toList();
    }
  }

  private static void awaitRefusal(int port) throws InterruptedException {
    for (int i = 0; i < 400; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
        Thread.sleep(20);
      } catch (IOException refused) {
        return;
      }
    }
    throw new AssertionError("the port is still open");
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
