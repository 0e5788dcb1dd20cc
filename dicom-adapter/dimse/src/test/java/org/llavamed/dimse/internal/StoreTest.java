package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.network.DimseClient;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.StoreOutcome;

/** Our sender and our receiver. */
final class StoreTest {
  private static final String SYNTAX = Uids.ExplicitVRLittleEndian;

  @TempDir Path folder;

  private Path out() {
    return folder.resolve("out");
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  @Test
  void echoSaysWhatThePeerIs() {
    try (Loopback loopback = Loopback.open(out())) {
      DimseClient.Echo echo = new DimseUser(null).echo(loopback.peer());
      assertThat(echo.implementationClassUid()).isEqualTo(Part10Writer.IMPLEMENTATION_CLASS_UID);
      assertThat(echo.implementationVersionName())
          .isEqualTo(Part10Writer.IMPLEMENTATION_VERSION_NAME);
      assertThat(echo.maxPduLength()).isEqualTo(Loopback.LIMITS.pduLength());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        Uids.ImplicitVRLittleEndian,
        Uids.ExplicitVRLittleEndian,
        Uids.ExplicitVRBigEndian,
        Uids.DeflatedExplicitVRLittleEndian
      })
  void anObjectArrivesByteByByteInTheTransferSyntaxThatItHas(String syntax) throws Exception {
    Path file = Objects.write(folder, "a.dcm", Objects.image(1, 300), syntax);
    try (Loopback loopback = Loopback.open(out())) {
      List<StoreOutcome> outcomes = Loopback.send(loopback.peer(), file);
      assertThat(outcomes)
          .singleElement()
          .isEqualTo(
              new StoreOutcome(file, Uids.CTImageStorage, Objects.SERIES + ".1", syntax, 0, ""));
      assertThat(bytes(Objects.kept(out(), 1))).isEqualTo(bytes(file));
      assertThat(loopback.received)
          .containsExactly(
              new ReceivedInstance(
                  Objects.kept(out(), 1),
                  Uids.CTImageStorage,
                  Objects.SERIES + ".1",
                  syntax,
                  "SENDER",
                  Files.size(file),
                  false));
    }
  }

  @Test
  void uidsOfOthersThatBreakTheRulesAreTakenAsTheyAre() throws Exception {
    String uid = "1.2.840.0123";
    byte[] value = uid.getBytes(java.nio.charset.StandardCharsets.US_ASCII);
    Path file =
        Objects.write(
            folder,
            "a.dcm",
            Objects.image(1, 20).putBytes(Tag.SOPInstanceUID, Vr.UI, value),
            Uids.ExplicitVRLittleEndian);
    Path next = Objects.write(folder, "b.dcm", Objects.image(2, 20), Uids.ExplicitVRLittleEndian);
    try (Loopback loopback = Loopback.open(out())) {
      assertThat(Loopback.send(loopback.peer(), file, next)).allMatch(StoreOutcome::stored);
      assertThat(loopback.received.get(0).sopInstanceUid()).isEqualTo(uid);
      assertThat(bytes(loopback.received.get(0).file())).isEqualTo(bytes(file));
    }
  }

  @Test
  void aFileThatFailsWithinItsDataSetLeavesTheOthersToBeSent() throws Exception {
    Path bad = Objects.write(folder, "a.dcm", Objects.image(1, 200), Uids.ExplicitVRLittleEndian);
    Path good = Objects.write(folder, "b.dcm", Objects.image(2, 20), Uids.ExplicitVRLittleEndian);
    List<StoreOutcome> outcomes = new ArrayList<>();
    try (Loopback loopback = Loopback.open(out())) {
      new DimseUser(null)
          .store(
              loopback.peer(),
              List.of(Objects.write(folder, "c.dcm", Objects.image(3, 20), SYNTAX), bad, good),
              outcome -> {
                outcomes.add(outcome);
                cut(bad);
              });
      assertThat(outcomes).extracting(StoreOutcome::stored).containsExactly(true, false, true);
      assertThat(outcomes.get(1).problem()).startsWith(bad + ": it could not be read");
      assertThat(loopback.received).hasSize(2);
    }
  }

  private static void cut(Path file) {
    try (var channel = java.nio.channels.FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.truncate(40_000);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void compressedObjectsAreNotRecompressed() throws Exception {
    Path file = Objects.write(folder, "a.dcm", Objects.rle(1, 128), Uids.RLELossless);
    try (Loopback loopback = Loopback.open(out())) {
      assertThat(Loopback.send(loopback.peer(), file)).allMatch(StoreOutcome::stored);
    }
    assertThat(bytes(Objects.kept(out(), 1))).isEqualTo(bytes(file));
  }

  @Test
  void theSameBytesAgainChangeNothingAndOtherBytesAreKeptBeside() throws Exception {
    Path first = Objects.write(folder, "a.dcm", Objects.image(1, 64), Uids.ExplicitVRLittleEndian);
    Path other =
        Objects.write(
            folder,
            "b.dcm",
            Objects.image(1, 64).putString(Tag.PatientID, Vr.LO, "P2"),
            Uids.ExplicitVRLittleEndian);
    try (Loopback loopback = Loopback.open(out())) {
      assertThat(Loopback.send(loopback.peer(), first, first, other, other, first))
          .allMatch(StoreOutcome::stored);
      assertThat(loopback.received)
          .extracting(ReceivedInstance::repeated)
          .containsExactly(false, true, false, true, true);
    }
    Path kept = Objects.kept(out(), 1);
    assertThat(bytes(kept)).isEqualTo(bytes(first));
    assertThat(bytes(kept.resolveSibling(Objects.SERIES + ".1_2.dcm"))).isEqualTo(bytes(other));
    try (Stream<Path> files = Files.list(kept.getParent())) {
      assertThat(files).hasSize(2);
    }
  }

  @Test
  void filesThatCannotBeSentAreNamedAndTheOthersAreSent() throws Exception {
    Path text = Files.writeString(folder.resolve("text"), "hello");
    Path good = Objects.write(folder, "a.dcm", Objects.image(1, 64), Uids.ExplicitVRLittleEndian);
    try (Loopback loopback = Loopback.open(out())) {
      List<StoreOutcome> outcomes = Loopback.send(loopback.peer(), text, good);
      assertThat(outcomes).extracting(StoreOutcome::stored).containsExactly(false, true);
      assertThat(outcomes.get(0).problem()).contains(text.toString(), "no DICOM file");
    }
  }

  @Test
  void eightSendersAtATimeLoseNothing() throws Exception {
    List<Path> files = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      files.add(
          Objects.write(folder, i + ".dcm", Objects.image(i, 100), Uids.ExplicitVRLittleEndian));
    }
    ReceiveLimits limits = new ReceiveLimits(8, 1 << 16, 1 << 22, 0);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try (Loopback loopback = new Loopback(Loopback.settings(out(), Access.ALL, limits))) {
      List<Future<List<StoreOutcome>>> sent = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Path[] part = files.subList(5 * i, 5 * i + 5).toArray(Path[]::new);
        sent.add(threads.submit(() -> Loopback.send(loopback.peer(), part)));
      }
      for (Future<List<StoreOutcome>> each : sent) {
        assertThat(each.get()).hasSize(5).allMatch(StoreOutcome::stored);
      }
    } finally {
      threads.shutdownNow();
    }
    for (int i = 0; i < 40; i++) {
      assertThat(bytes(Objects.kept(out(), i))).isEqualTo(bytes(files.get(i)));
    }
    try (Stream<Path> left = Files.list(out().resolve(".incoming"))) {
      assertThat(left).isEmpty();
    }
  }

  @Test
  void anObjectAboveTheLimitIsRefusedAndTheNextIsTaken() throws Exception {
    Path large = Objects.write(folder, "l.dcm", Objects.image(1, 200), Uids.ExplicitVRLittleEndian);
    Path small = Objects.write(folder, "s.dcm", Objects.image(2, 20), Uids.ExplicitVRLittleEndian);
    ReceiveLimits limits = new ReceiveLimits(1, 1 << 14, 50_000, 0);
    try (Loopback loopback = new Loopback(Loopback.settings(out(), Access.ALL, limits))) {
      List<StoreOutcome> outcomes = Loopback.send(loopback.peer(), large, small);
      assertThat(outcomes).extracting(StoreOutcome::status).containsExactly(0xA700, 0);
      assertThat(outcomes.get(0).problem())
          .contains("A700 (out of resources)", "more than 50000 bytes");
    }
    assertThat(Objects.kept(out(), 1)).doesNotExist();
    assertThat(Objects.kept(out(), 2)).exists();
  }

  @Test
  void aFileThatWasCutShortIsNotSentAndTheNextIs() throws Exception {
    Path cut = Objects.write(folder, "c.dcm", Objects.image(1, 200), Uids.ExplicitVRLittleEndian);
    byte[] whole = Files.readAllBytes(cut);
    Files.write(cut, Arrays.copyOf(whole, whole.length - 2));
    Path next = Objects.write(folder, "n.dcm", Objects.image(2, 20), Uids.ExplicitVRLittleEndian);
    try (Loopback loopback = Loopback.open(out())) {
      List<StoreOutcome> outcomes = Loopback.send(loopback.peer(), cut, next);
      assertThat(outcomes).extracting(StoreOutcome::stored).containsExactly(false, true);
      assertThat(outcomes.get(0).problem()).contains("Pixel Data", "exceeds the remaining");
      assertThat(loopback.received).hasSize(1);
    }
  }

  @Test
  void tooLittleDiskIsRefused() throws Exception {
    Path file = Objects.write(folder, "a.dcm", Objects.image(1, 20), Uids.ExplicitVRLittleEndian);
    ReceiveLimits limits = new ReceiveLimits(1, 1 << 14, 1 << 20, Long.MAX_VALUE);
    try (Loopback loopback = new Loopback(Loopback.settings(out(), Access.ALL, limits))) {
      assertThat(Loopback.send(loopback.peer(), file).get(0).problem())
          .contains("A700", "too little disk is free");
    }
  }

  @Test
  void anObjectWhoseUidWouldLeaveTheFolderIsRefused() throws Exception {
    Path file =
        Objects.write(
            folder,
            "a.dcm",
            Objects.image(1, 20)
                .putBytes(
                    Tag.StudyInstanceUID,
                    Vr.UI,
                    "../../1.2".getBytes(java.nio.charset.StandardCharsets.US_ASCII)),
            Uids.ExplicitVRLittleEndian);
    try (Loopback loopback = Loopback.open(out())) {
      StoreOutcome outcome = Loopback.send(loopback.peer(), file).get(0);
      assertThat(outcome.status()).isEqualTo(0xC000);
      assertThat(outcome.problem()).contains("Study Instance UID is missing or no UID");
      assertThat(loopback.received).isEmpty();
    }
  }

  @Test
  void aHandlerThatFailsFailsTheObject() throws Exception {
    Path file = Objects.write(folder, "a.dcm", Objects.image(1, 20), Uids.ExplicitVRLittleEndian);
    try (var reception =
        new DimseProvider()
            .open(
                Loopback.settings(out(), Access.ALL, Loopback.LIMITS),
                instance -> {
                  throw new IllegalStateException("no room");
                })) {
      assertThat(Loopback.send(Loopback.peer(reception.port()), file).get(0).status())
          .isEqualTo(0x0110);
    }
  }

  @Test
  void callersThatAreNotInTheListAreRejected() {
    Access access = new Access(Set.of("OTHER"), List.of());
    try (Loopback loopback = new Loopback(Loopback.settings(out(), access, Loopback.LIMITS))) {
      assertThatThrownBy(() -> new DimseUser(null).echo(loopback.peer()))
          .isInstanceOf(NetworkException.class)
          .hasMessage(
              "RECEIVER at 127.0.0.1:%d: it rejects the association of SENDER (calling AE title not"
                      .formatted(loopback.port())
                  + " recognised, permanent). Have our AE title added to the peer's list, or give"
                  + " another one (--aet).");
    }
  }

  @Test
  void aWrongCalledTitleIsRejected() {
    try (Loopback loopback = Loopback.open(out())) {
      Peer peer = loopback.peer();
      Peer wrong =
          new Peer(
              peer.host(),
              peer.port(),
              "WRONG",
              peer.callingAeTitle(),
              peer.tls(),
              peer.timeouts());
      assertThatThrownBy(() -> new DimseUser(null).echo(wrong))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("called AE title not recognised");
    }
  }

  @Test
  void anyCalledTitleIsAcceptedWhereNoneIsGiven() {
    try (var reception = new DimseProvider().open(ReceiveSettings.of(0, out()), each -> {})) {
      for (String title : List.of("ANY-SCP", "LLAVAMED", "something else")) {
        Peer peer =
            new Peer(
                "127.0.0.1",
                reception.port(),
                title,
                "SENDER",
                Optional.empty(),
                Loopback.TIMEOUTS);
        assertThat(new DimseUser().echo(peer).milliseconds()).isPositive();
      }
    }
  }

  @Test
  void machinesThatAreNotInTheListGetNoAnswer() {
    Access access = new Access(Set.of(), List.of("192.0.2.1"));
    try (Loopback loopback = new Loopback(Loopback.settings(out(), access, Loopback.LIMITS))) {
      assertThatThrownBy(() -> new DimseUser(null).echo(loopback.peer()))
          .isInstanceOf(NetworkException.class);
    }
  }

  @Test
  void aPortWhereNobodyListensIsNamed() throws IOException {
    int port;
    try (var socket = new java.net.ServerSocket(0)) {
      port = socket.getLocalPort();
    }
    assertThatThrownBy(() -> new DimseUser(null).echo(Loopback.peer(port)))
        .isInstanceOf(NetworkException.class)
        .hasMessage(
            "RECEIVER at 127.0.0.1:%d: the connection was refused. Check host, port and firewall,"
                    .formatted(port)
                + " and that it runs.");
  }

  @Test
  void aPortThatIsTakenIsNamed() {
    try (Loopback loopback = Loopback.open(out())) {
      var settings =
          new ReceiveSettings(
              Optional.empty(),
              "127.0.0.1",
              loopback.port(),
              out(),
              Access.ALL,
              Loopback.LIMITS,
              Loopback.TIMEOUTS,
              Optional.empty());
      assertThatThrownBy(() -> new DimseProvider().open(settings, instance -> {}))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("the port cannot be opened");
    }
  }

  @Test
  void whatIsStoredIsReadBackEqual() {
    Path file = Objects.write(folder, "a.dcm", Objects.image(1, 64), Uids.ImplicitVRLittleEndian);
    try (Loopback loopback = Loopback.open(out())) {
      Loopback.send(loopback.peer(), file);
    }
    assertThat(new Part10Reader().read(Objects.kept(out(), 1)).whole())
        .isEqualTo(new Part10Reader().read(file).whole());
  }
}
