package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.network.NetworkException;
import org.llavamed.network.StoreOutcome;

/** Receivers in several processes that use one folder. */
final class SharedFolderTest {
  private static final int INSTANCES = 40;

  @TempDir Path folder;

  private Path out() {
    return folder.resolve("out");
  }

  /** Returns files of the same instances for all senders, but for the patient where it differs. */
  private List<Path> files(String name, String patient) throws IOException {
    Path own = Files.createDirectory(folder.resolve(name));
    List<Path> files = new ArrayList<>();
    for (int i = 1; i <= INSTANCES; i++) {
      files.add(
          Objects.write(
              own,
              i + ".dcm",
              Objects.image(i, 64).putString(Tag.PatientID, Vr.LO, patient),
              Uids.ExplicitVRLittleEndian));
    }
    return files;
  }

  private static List<Path> regularFiles(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile).toList();
    }
  }

  private static List<StoreOutcome> send(ReceiverProcess receiver, List<Path> files) {
    return Loopback.send(Loopback.peer(receiver.port()), files.toArray(Path[]::new));
  }

  @Test
  void twoProcessesThatGetTheSameInstancesLoseAndDoubleNothing() throws Exception {
    List<Path> ours = files("ours", "P1");
    List<Path> others = files("others", "P2");
    ExecutorService senders = Executors.newFixedThreadPool(4);
    try (ReceiverProcess first = ReceiverProcess.start(out());
        ReceiverProcess second = ReceiverProcess.start(out())) {
      List<Future<List<StoreOutcome>>> sent = new ArrayList<>();
      for (ReceiverProcess receiver : List.of(first, second)) {
        sent.add(senders.submit(() -> send(receiver, ours)));
        sent.add(senders.submit(() -> send(receiver, others)));
      }
      for (Future<List<StoreOutcome>> each : sent) {
        assertThat(each.get()).hasSize(INSTANCES).allMatch(StoreOutcome::stored);
      }
    } finally {
      senders.shutdownNow();
    }
    assertThat(regularFiles(out())).hasSize(2 * INSTANCES);
    for (int i = 1; i <= INSTANCES; i++) {
      Path kept = Objects.kept(out(), i);
      Path beside = kept.resolveSibling(Objects.SERIES + "." + i + "_2.dcm");
      byte[] mine = Files.readAllBytes(ours.get(i - 1));
      byte[] other = Files.readAllBytes(others.get(i - 1));
      assertThat(List.of(Files.readAllBytes(kept), Files.readAllBytes(beside)))
          .containsExactlyInAnyOrder(mine, other);
    }
  }

  @Test
  void whatAKilledProcessLeftIsDeletedByALaterOneAndNothingElse() throws Exception {
    Path large = Objects.write(folder, "l.dcm", Objects.image(1, 700), Uids.ExplicitVRLittleEndian);
    ExecutorService senders = Executors.newFixedThreadPool(2);
    List<Future<List<StoreOutcome>>> sent = new ArrayList<>();
    Path incoming = out().resolve(".incoming");
    try (ReceiverProcess killed = ReceiverProcess.start(out());
        ReceiverProcess living = ReceiverProcess.start(out());
        BrokenLine toKilled = new BrokenLine(killed.port(), 500_000, BrokenLine.Fate.STALLS);
        BrokenLine toLiving = new BrokenLine(living.port(), 500_000, BrokenLine.Fate.STALLS)) {
      sent.add(senders.submit(() -> Loopback.send(Loopback.peer(toKilled.port()), large)));
      Path left = onlyFile(incoming, List.of());
      killed.kill();
      sent.add(senders.submit(() -> Loopback.send(Loopback.peer(toLiving.port()), large)));
      Path live = onlyFile(incoming, List.of(left));
      for (Path file : List.of(left, live)) {
        Files.setLastModifiedTime(file, FileTime.from(Instant.EPOCH));
      }
      try (ReceiverProcess later = ReceiverProcess.start(out())) {
        assertThat(left).doesNotExist();
        assertThat(live).exists();
        assertThat(send(later, List.of(large))).allMatch(StoreOutcome::stored);
      }
    } finally {
      senders.shutdownNow();
    }
    for (Future<List<StoreOutcome>> each : sent) {
      assertThatThrownBy(each::get).hasCauseInstanceOf(NetworkException.class);
    }
    assertThat(regularFiles(out())).containsExactly(Objects.kept(out(), 1));
    assertThat(Files.mismatch(large, Objects.kept(out(), 1))).isEqualTo(-1);
  }

  /** Waits for a file that is none of those known. */
  private static Path onlyFile(Path incoming, List<Path> known) throws Exception {
    for (int i = 0; i < 400; i++) {
      try (Stream<Path> files = Files.list(incoming)) {
        List<Path> found = files.filter(file -> !known.contains(file)).toList();
        if (!found.isEmpty()) {
          assertThat(found).hasSize(1);
          return found.get(0);
        }
      }
      Thread.sleep(50);
    }
    throw new AssertionError("nothing comes to " + incoming);
  }
}
