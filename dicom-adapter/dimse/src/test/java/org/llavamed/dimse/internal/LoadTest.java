package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.Uids;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.StoreOutcome;
import org.llavamed.network.Timeouts;

/**
 * Eight senders of 500 objects each while the disk fills, one of them stalls, and one is cut off in
 * the middle of a PDU.
 */
final class LoadTest {
  private static final int SENDERS = 8;
  private static final int EACH = 500;
  private static final int SIDE = 96;
  private static final int STALLING = 3;
  private static final int CUT = 5;
  private static final long DISK = 48L << 20;

  @RegisterExtension final UnexpectedFailures unexpected = new UnexpectedFailures();
  @TempDir Path folder;

  private final Map<Path, Integer> acknowledged = new ConcurrentHashMap<>();
  private final AtomicIntegerArray heard = new AtomicIntegerArray(SENDERS);
  private final List<StoreOutcome> refused = Collections.synchronizedList(new ArrayList<>());

  /** A disk of its own that is soon full: on one that others use it would fill at any time. */
  private record Disk(Path place) implements AutoCloseable {
    static Disk of(Path place) throws IOException {
      Files.createDirectories(place);
      boolean mounted = run("mount", "-t", "tmpfs", "-o", "size=" + DISK, "none", place.toString());
      if (!mounted) {
        System.out.println(
            "SKIPPED: no file system may be mounted here; as root senders fill a small disk");
      }
      assumeTrue(mounted, "no file system may be mounted here");
      return new Disk(place);
    }

    private static boolean run(String... command) {
      try {
        Process process =
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        return process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() throws IOException {
      if (!run("umount", place.toString())) {
        throw new IOException(place + " cannot be unmounted");
      }
    }
  }

  private static int number(int sender, int index) {
    return sender * EACH + index + 1;
  }

  private List<Path> files(int sender) throws IOException {
    Path own = Files.createDirectories(folder.resolve("sender" + sender));
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < EACH; i++) {
      files.add(
          Objects.write(
              own,
              i + ".dcm",
              Objects.image(number(sender, i), SIDE),
              Uids.ExplicitVRLittleEndian));
    }
    return files;
  }

  /** Sends all files of a sender; returns the sentence with which it broke off, where it did. */
  private Optional<String> send(int port, List<Path> files, int sender) {
    Peer peer =
        new Peer(
            "127.0.0.1",
            port,
            Loopback.AE_TITLE,
            "SENDER" + sender,
            Optional.empty(),
            Timeouts.of(Duration.ofSeconds(60)));
    try {
      new DimseUser().store(peer, files, outcome -> heard(outcome, files, sender));
      return Optional.empty();
    } catch (NetworkException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  private void heard(StoreOutcome outcome, List<Path> files, int sender) {
    heard.incrementAndGet(sender);
    if (outcome.stored()) {
      acknowledged.put(outcome.file(), number(sender, files.indexOf(outcome.file())));
    } else {
      refused.add(outcome);
    }
  }

  @Test
  @Timeout(value = 5, unit = TimeUnit.MINUTES)
  void whatIsAcknowledgedIsOnTheDiskAndWholeAndNothingElseIs() throws Exception {
    List<List<Path>> files = new ArrayList<>();
    for (int sender = 0; sender < SENDERS; sender++) {
      files.add(files(sender));
    }
    ExecutorService senders = Executors.newFixedThreadPool(SENDERS);
    try (Disk disk = Disk.of(folder.resolve("disk"))) {
      Path out = disk.place().resolve("out");
      ReceiveLimits limits = new ReceiveLimits(SENDERS, 1 << 14, 1 << 22, 0);
      Timeouts timeouts = Timeouts.of(Duration.ofSeconds(10));
      try (Loopback receiver = new Loopback(Loopback.settings(out, Access.ALL, limits, timeouts));
          BrokenLine stalling = new BrokenLine(receiver.port(), 1_000_000, BrokenLine.Fate.STALLS);
          BrokenLine cut = new BrokenLine(receiver.port(), 1_500_001, BrokenLine.Fate.IS_CUT)) {
        List<Future<Optional<String>>> ends = new ArrayList<>();
        for (int sender = 0; sender < SENDERS; sender++) {
          int number = sender;
          int port =
              sender == STALLING ? stalling.port() : sender == CUT ? cut.port() : receiver.port();
          ends.add(senders.submit(() -> send(port, files.get(number), number)));
        }
        for (int sender = 0; sender < SENDERS; sender++) {
          assertThat(ends.get(sender).get().isPresent())
              .as("sender %d broke off: %s", sender, ends.get(sender).get())
              .isEqualTo(sender == STALLING || sender == CUT);
        }
        assertThat(stalling.endedWithinPdu() && cut.endedWithinPdu()).isTrue();
        assertThat(new DimseUser().echo(receiver.peer()).milliseconds()).isPositive();
      }
      check(out);
    } finally {
      senders.shutdownNow();
    }
  }

  private void check(Path out) throws IOException {
    assertThat(acknowledged.size()).isBetween(100, SENDERS * EACH - 100);
    assertThat(refused)
        .isNotEmpty()
        .allMatch(outcome -> outcome.status() == Status.OUT_OF_RESOURCES);
    for (Map.Entry<Path, Integer> sent : acknowledged.entrySet()) {
      Path kept = Objects.kept(out, sent.getValue());
      assertThat(kept).exists();
      assertThat(Files.mismatch(sent.getKey(), kept)).as(kept.toString()).isEqualTo(-1);
    }
    for (int sender : new int[] {STALLING, CUT}) {
      assertThat(heard.get(sender)).isBetween(1, EACH - 1);
      Path inFlight = Objects.kept(out, number(sender, heard.get(sender)));
      assertThat(inFlight).doesNotExist();
    }
    try (Stream<Path> incoming = Files.list(out.resolve(".incoming"))) {
      assertThat(incoming).isEmpty();
    }
    try (Stream<Path> all = Files.walk(out)) {
      assertThat(all.filter(Files::isRegularFile))
          .containsExactlyInAnyOrderElementsOf(
              acknowledged.values().stream().map(number -> Objects.kept(out, number)).toList());
    }
    System.out.printf(
        "%d objects acknowledged and kept, %d refused for the full disk%n",
        acknowledged.size(), refused.size());
  }
}
