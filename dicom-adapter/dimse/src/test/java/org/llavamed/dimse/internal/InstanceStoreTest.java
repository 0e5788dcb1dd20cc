package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.network.ReceiveSettings.Access;

/** Several receivers that use one folder. */
final class InstanceStoreTest {
  private static final FileTime LONG_AGO = FileTime.from(Instant.EPOCH);

  @TempDir Path folder;

  @Test
  void openingAFolderLeavesTheFilesOfThoseThatRun() throws Exception {
    InstanceStore first = new InstanceStore(folder);
    Path live = Files.createFile(first.temporary());
    Files.setLastModifiedTime(live, LONG_AGO);
    Path young = Files.createFile(folder.resolve(".incoming/1-1-young.part"));
    Path gone = Files.createFile(folder.resolve(".incoming/1-1-gone.part"));
    Files.setLastModifiedTime(gone, LONG_AGO);
    InstanceStore second = new InstanceStore(folder);
    assertThat(live).exists();
    assertThat(young).exists();
    assertThat(gone).doesNotExist();
    assertThat(second.temporary()).isNotEqualTo(first.temporary());
  }

  @Test
  void storesOfOneFolderOverwriteNothing() throws Exception {
    int count = 16;
    ExecutorService threads = Executors.newFixedThreadPool(count);
    List<Future<InstanceStore.Place>> places = new ArrayList<>();
    try {
      for (int i = 0; i < count; i++) {
        InstanceStore store = new InstanceStore(folder);
        Path temporary = store.temporary();
        Part10Writer.write(
            Objects.image(1, 20).putString(Tag.PatientID, Vr.LO, "P" + i),
            Uids.ExplicitVRLittleEndian,
            temporary);
        places.add(
            threads.submit(
                () -> store.keep(temporary, Uids.CTImageStorage, Objects.SERIES + ".1")));
      }
      for (Future<InstanceStore.Place> place : places) {
        assertThat(place.get().repeated()).isFalse();
      }
    } finally {
      threads.shutdownNow();
    }
    try (Stream<Path> kept = Files.list(folder.resolve(Objects.STUDY).resolve(Objects.SERIES))) {
      assertThat(kept).hasSize(count);
    }
  }

  @Test
  void aFolderThatWasDeletedMeanwhileIsMadeAgain() throws Exception {
    InstanceStore store = new InstanceStore(folder);
    for (int i = 0; i < 2; i++) {
      Path temporary = store.temporary();
      Part10Writer.write(Objects.image(1, 20), Uids.ExplicitVRLittleEndian, temporary);
      Path file = store.keep(temporary, Uids.CTImageStorage, Objects.SERIES + ".1").file();
      assertThat(file).exists();
      assertThat(temporary).doesNotExist();
      Files.delete(file);
      Files.delete(folder.resolve(Objects.STUDY).resolve(Objects.SERIES));
      Files.delete(folder.resolve(Objects.STUDY));
    }
  }

  @Test
  void anObjectIsSyncedThenNamedThenItsFolderSyncedBeforeThePeerIsToldSuccess() throws Exception {
    Path file = Objects.write(folder, "1.dcm", Objects.image(1, 200), Uids.ExplicitVRLittleEndian);
    Path out = folder.resolve("out");
    Path kept = Objects.kept(out, 1);
    List<String> events = Collections.synchronizedList(new ArrayList<>());
    InstanceStore.Sync recording =
        (channel, path) -> {
          LockSupport.parkNanos(200_000_000); // whoever does not wait for it is first
          channel.force(true);
          Object what = Files.isDirectory(path) ? out.relativize(path) : channel.size() + " bytes";
          events.add("sync %s, %s".formatted(what, Files.exists(kept) ? "named" : "not named"));
        };
    InstanceStore store = new InstanceStore(out, recording);
    events.clear();
    StoreScp scp = new StoreScp(store, Loopback.LIMITS, instance -> events.add("received"));
    try (Port port =
        Port.open(
            Loopback.settings(out, Access.ALL, Loopback.LIMITS),
            new Watchdog(),
            Optional.of(scp),
            (association, report) -> {})) {
      new DimseUser()
          .store(
              Loopback.peer(port.port()),
              List.of(file),
              outcome -> events.add("told %04X".formatted(outcome.status())));
    }
    assertThat(events)
        .containsExactly(
            "sync %d bytes, not named".formatted(Files.size(kept)),
            "sync %s, not named".formatted(Objects.STUDY),
            "sync , not named",
            "sync %s/%s, named".formatted(Objects.STUDY, Objects.SERIES),
            "received",
            "told 0000");
  }

  @ParameterizedTest
  @ValueSource(strings = {Uids.ExplicitVRLittleEndian, Uids.ImplicitVRLittleEndian})
  void anObjectThatWasCutShortIsRefused(String transferSyntaxUid) throws Exception {
    InstanceStore store = new InstanceStore(folder.resolve("out"));
    Path file = Objects.write(folder, "a.dcm", Objects.image(1, 20), transferSyntaxUid);
    byte[] whole = Files.readAllBytes(file);
    Path temporary = store.temporary();
    Files.write(temporary, Arrays.copyOf(whole, whole.length - 2));
    assertThatThrownBy(() -> store.keep(temporary, Uids.CTImageStorage, Objects.SERIES + ".1"))
        .isInstanceOfSatisfying(
            RefusedException.class,
            refusal -> assertThat(refusal.status()).isEqualTo(Status.CANNOT_UNDERSTAND));
    assertThat(Objects.kept(folder.resolve("out"), 1)).doesNotExist();
  }
}
