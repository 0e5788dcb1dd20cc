package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Uids;
import org.llavamed.network.DimseClient;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.StoreOutcome;

/** Associations with dcmtk, storage and verification. */
final class DcmtkTest {
  @TempDir Path folder;

  private Path image(int number, int side, String syntax) {
    return Objects.write(folder, number + ".dcm", Objects.image(number, side), syntax);
  }

  private static DataSet whole(Path file) {
    return new Part10Reader().read(file).whole();
  }

  @Test
  void echoscuIsAnswered() throws Exception {
    Program.require("dcmtk", "echoscu");
    try (Loopback loopback = Loopback.open(folder.resolve("out"))) {
      String said =
          Program.run(
              folder, "echoscu", "-v", "-aec", Loopback.AE_TITLE, "127.0.0.1", loopback.port());
      assertThat(said).contains("Received Echo Response (Success)");
    }
  }

  @Test
  void echoscuNeedsNoTitleWhereNoneIsRequired() throws Exception {
    Program.require("dcmtk", "echoscu");
    Path out = folder.resolve("out");
    try (var reception = new DimseProvider().open(ReceiveSettings.of(0, out), each -> {})) {
      assertThat(Program.run(folder, "echoscu", "-v", "127.0.0.1", reception.port()))
          .contains("Received Echo Response (Success)");
    }
  }

  @ParameterizedTest
  @CsvSource({"-xi, 1.2.840.10008.1.2", "-xe, 1.2.840.10008.1.2.1", "-xd, 1.2.840.10008.1.2.1.99"})
  void whatStorescuSendsIsKeptEqual(String option, String syntax) throws Exception {
    Program.require("dcmtk", "storescu");
    Path file = image(1, 300, Uids.ExplicitVRLittleEndian);
    Path out = folder.resolve("out");
    try (Loopback loopback = Loopback.open(out)) {
      Program.run(
          folder,
          "storescu",
          option,
          "-aec",
          Loopback.AE_TITLE,
          "127.0.0.1",
          loopback.port(),
          file);
      assertThat(loopback.received)
          .singleElement()
          .satisfies(
              received -> {
                assertThat(received.transferSyntaxUid()).isEqualTo(syntax);
                assertThat(received.callingAeTitle()).isEqualTo("STORESCU");
              });
    }
    assertThat(whole(Objects.kept(out, 1))).isEqualTo(whole(file));
  }

  @Test
  void storescpKeepsWhatWeSend() throws Exception {
    Program.require("dcmtk", "storescp", "echoscu");
    Path kept = Files.createDirectory(folder.resolve("kept"));
    List<Path> files =
        List.of(
            image(1, 200, Uids.ExplicitVRLittleEndian),
            image(2, 200, Uids.ImplicitVRLittleEndian),
            Objects.write(folder, "3.dcm", Objects.rle(3, 128), Uids.RLELossless));
    int port = Program.freePort();
    try (Program storescp =
        Program.start(folder, "storescp", "+xa", "-od", kept, "+B", port).awaitPort(port)) {
      DimseClient.Echo echo = new DimseUser(null).echo(Loopback.peer(port));
      assertThat(echo.implementationVersionName()).startsWith("OFFIS_DCMTK");
      List<StoreOutcome> outcomes = Loopback.send(Loopback.peer(port), files.toArray(Path[]::new));
      assertThat(outcomes).as(storescp.output()).allMatch(outcome -> outcome.status() == 0);
      assertThat(outcomes)
          .extracting(StoreOutcome::transferSyntaxUid)
          .containsExactly(
              Uids.ExplicitVRLittleEndian, Uids.ImplicitVRLittleEndian, Uids.RLELossless);
    }
    try (Stream<Path> found = Files.list(kept)) {
      assertThat(found.map(DcmtkTest::whole))
          .containsExactlyInAnyOrderElementsOf(files.stream().map(DcmtkTest::whole).toList());
    }
  }

  @Test
  void aPeerThatTakesImplicitOnlyGetsImplicit() throws Exception {
    Program.require("dcmtk", "storescp");
    Path kept = Files.createDirectory(folder.resolve("kept"));
    Path file = image(1, 200, Uids.ExplicitVRBigEndian);
    int port = Program.freePort();
    try (Program storescp =
        Program.start(folder, "storescp", "+xi", "-od", kept, "+B", port).awaitPort(port)) {
      assertThat(Loopback.send(Loopback.peer(port), file))
          .as(storescp.output())
          .singleElement()
          .satisfies(
              outcome -> {
                assertThat(outcome.status()).isZero();
                assertThat(outcome.transferSyntaxUid()).isEqualTo(Uids.ImplicitVRLittleEndian);
              });
    }
    try (Stream<Path> found = Files.list(kept)) {
      assertThat(found.map(DcmtkTest::whole)).containsExactly(whole(file));
    }
  }
}
