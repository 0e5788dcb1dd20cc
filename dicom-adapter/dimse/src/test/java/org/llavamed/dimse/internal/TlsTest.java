package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.Uids;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.StoreOutcome;
import org.llavamed.network.Timeouts;
import org.llavamed.network.TlsFiles;

/** Connections by TLS with certificates of both sides, with ourselves and with dcmtk. */
final class TlsTest {
  @TempDir Path folder;

  private Certificates certificates = new Certificates(Path.of(""));

  @BeforeEach
  void makeCertificates() throws Exception {
    certificates = Certificates.make(folder);
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private static Peer peer(int port, TlsFiles tls) {
    return new Peer(
        "127.0.0.1", port, Loopback.AE_TITLE, "SENDER", Optional.of(tls), Loopback.TIMEOUTS);
  }

  private Loopback receiver() {
    return new Loopback(
        certificates.server(Loopback.settings(file("out"), Access.ALL, Loopback.LIMITS)));
  }

  private Path image() {
    return Objects.write(folder, "1.dcm", Objects.image(1, 200), Uids.ExplicitVRLittleEndian);
  }

  @Test
  void objectsGoOverTlsByPemFilesAndByPkcs12() throws Exception {
    certificates.openssl(
        "pkcs12 -export -passout pass:secret -in client.pem -inkey client.key -out client.p12");
    TlsFiles store =
        new TlsFiles(
            Optional.of(file("client.p12")), Optional.empty(), List.of(file("ca.pem")), "secret");
    try (Loopback loopback = receiver()) {
      for (TlsFiles tls : List.of(certificates.keys("client"), store)) {
        assertThat(Loopback.send(peer(loopback.port(), tls), image()))
            .allMatch(StoreOutcome::stored);
      }
    }
    assertThat(Objects.kept(file("out"), 1)).hasSameBinaryContentAs(file("1.dcm"));
  }

  @Test
  void aPeerWithoutCertificateIsRefused() {
    TlsFiles none = new TlsFiles(Optional.empty(), Optional.empty(), List.of(file("ca.pem")), "");
    try (Loopback loopback = receiver()) {
      assertThatThrownBy(() -> new DimseUser(null).echo(peer(loopback.port(), none)))
          .isInstanceOf(NetworkException.class);
      assertThat(new DimseUser(null).echo(peer(loopback.port(), certificates.keys("client"))))
          .isNotNull();
    }
  }

  @Test
  void aServerOfAnotherAuthorityIsNotTrusted() throws Exception {
    certificates.authority("other");
    TlsFiles strict =
        new TlsFiles(Optional.empty(), Optional.empty(), List.of(file("other.pem")), "");
    try (Loopback loopback = receiver()) {
      assertThatThrownBy(() -> new DimseUser(null).echo(peer(loopback.port(), strict)))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("TLS failed")
          .hasMessageContaining("each side trusts the other's certificate");
    }
  }

  @Test
  void aClientThatFallsSilentInTheHandshakeIsClosed() throws Exception {
    ReceiveSettings settings =
        Loopback.settings(
            file("out"), Access.ALL, Loopback.LIMITS, Timeouts.of(Duration.ofMillis(200)));
    byte[][] beginnings = {{}, {0x16, 3, 1}, {0x16, 3, 1, 0x40, 0, 1}};
    try (Loopback loopback = new Loopback(certificates.server(settings))) {
      for (byte[] beginning : beginnings) {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), loopback.port())) {
          socket.setSoTimeout(20_000);
          socket.getOutputStream().write(beginning);
          assertThat(socket.getInputStream().readAllBytes().length).isLessThan(100); // an alert
        }
      }
    }
  }

  @Test
  void aPeerInTheClearIsNamed() {
    try (Loopback loopback = Loopback.open(file("out"))) {
      assertThatThrownBy(
              () -> new DimseUser(null).echo(peer(loopback.port(), certificates.keys("client"))))
          .isInstanceOf(NetworkException.class);
    }
  }

  @Test
  void aFileWithoutKeyIsNamed() {
    TlsFiles wrong =
        new TlsFiles(
            Optional.of(file("client.pem")),
            Optional.of(file("client.pem")),
            List.of(file("ca.pem")),
            "");
    try (Loopback loopback = receiver()) {
      assertThatThrownBy(() -> new DimseUser(null).echo(peer(loopback.port(), wrong)))
          .isInstanceOf(NetworkException.class)
          .hasMessage(
              "%s: it holds no 'BEGIN PRIVATE KEY'. Convert the key by 'openssl pkcs8 -topk8"
                      .formatted(file("client.pem"))
                  + " -nocrypt'.");
    }
  }

  @Test
  void storescuOfDcmtkSendsToUsByTls() throws Exception {
    Program.require("dcmtk", "storescu");
    try (Loopback loopback = receiver()) {
      Program.run(
          folder,
          "storescu",
          "+tls",
          file("client.key"),
          file("client.pem"),
          "+cf",
          file("ca.pem"),
          "-aec",
          Loopback.AE_TITLE,
          "127.0.0.1",
          loopback.port(),
          image());
    }
    assertThat(Objects.kept(file("out"), 1)).exists();
  }

  @Test
  void storescpOfDcmtkTakesObjectsByTls() throws Exception {
    Program.require("dcmtk", "storescp");
    Path kept = Files.createDirectory(file("kept"));
    int port = Program.freePort();
    try (Program storescp =
        Program.start(
                folder,
                "storescp",
                "+tls",
                file("server.key"),
                file("server.pem"),
                "+cf",
                file("ca.pem"),
                "-od",
                kept,
                port)
            .awaitPort(port)) {
      assertThat(Loopback.send(peer(port, certificates.keys("client")), image()))
          .as(storescp.output())
          .allMatch(StoreOutcome::stored);
    }
    try (Stream<Path> files = Files.list(kept)) {
      assertThat(files).hasSize(1);
    }
  }
}
