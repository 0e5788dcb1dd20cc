package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.Timeouts;

/** Handshakes with OpenSSL: which versions and cipher suites we agree on, on both sides. */
final class TlsProfileTest {
  /** Options of openssl: TLS 1.0 and 1.1, CBC, static RSA, other ciphers. */
  private static final String TLS_1_0 = "-tls1 -cipher ALL:@SECLEVEL=0";

  private static final String TLS_1_1 = "-tls1_1 -cipher ALL:@SECLEVEL=0";
  private static final String CBC =
      "-tls1_2 -cipher ECDHE-RSA-AES256-SHA384:ECDHE-RSA-AES128-SHA256:ECDHE-RSA-AES128-SHA";
  private static final String STATIC_RSA = "-tls1_2 -cipher AES256-GCM-SHA384:AES128-GCM-SHA256";
  private static final String CHACHA20_OF_1_2 = "-tls1_2 -cipher ECDHE-RSA-CHACHA20-POLY1305";
  private static final String CCM = "-tls1_3 -ciphersuites TLS_AES_128_CCM_SHA256";

  private static final String GCM_256 = "-tls1_2 -cipher ECDHE-RSA-AES256-GCM-SHA384";
  private static final String GCM_128 = "-tls1_2 -cipher ECDHE-RSA-AES128-GCM-SHA256";
  private static final String GCM_DHE = "-tls1_2 -cipher DHE-RSA-AES128-GCM-SHA256";
  private static final String GCM_OF_1_3 = "-tls1_3 -ciphersuites TLS_AES_128_GCM_SHA256";
  private static final String CHACHA20 = "-tls1_3 -ciphersuites TLS_CHACHA20_POLY1305_SHA256";

  private static final Timeouts TIMEOUTS =
      new Timeouts(
          ScriptedPeer.PATIENCE,
          Duration.ofSeconds(3), // a peer that speaks TLS but not DICOM
          ScriptedPeer.PATIENCE,
          ScriptedPeer.PATIENCE,
          ScriptedPeer.PATIENCE);

  @TempDir Path folder;
  private Certificates certificates = new Certificates(Path.of(""));

  @BeforeEach
  void makeCertificates() throws Exception {
    certificates = Certificates.make(folder);
  }

  private static String suite(String options) {
    return options.substring(options.lastIndexOf(' ') + 1);
  }

  /** What openssl as a client says of a connection to our receiver. */
  private record Said(int exitCode, String output) {}

  private Said connect(String options, boolean certificate) throws Exception {
    try (Loopback receiver =
        new Loopback(
            certificates.server(
                Loopback.settings(folder.resolve("out"), Access.ALL, Loopback.LIMITS, TIMEOUTS)))) {
      List<Object> command = new ArrayList<>(List.of("openssl", "s_client", "-ign_eof"));
      command.addAll(List.of("-connect", "127.0.0.1:" + receiver.port(), "-CAfile", "ca.pem"));
      if (certificate) {
        command.addAll(List.of("-cert", "client.pem", "-key", "client.key"));
      }
      command.addAll(List.of(options.split(" ", -1)));
      try (Program client = Program.start(folder, command.toArray())) {
        return new Said(client.exitCode(), client.output());
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TLS_1_0, TLS_1_1, CBC, STATIC_RSA, CHACHA20_OF_1_2, CCM})
  void aClientThatTakesNothingOfTheProfileIsRefused(String options) throws Exception {
    Said said = connect(options, true);
    assertThat(said.exitCode()).as(said.output()).isNotZero();
    assertThat(said.output())
        .contains("Cipher is (NONE)")
        .containsPattern("alert (protocol version|handshake failure)");
  }

  @ParameterizedTest
  @ValueSource(strings = {GCM_256, GCM_128, GCM_DHE, GCM_OF_1_3, CHACHA20})
  void aClientOfTheProfileIsTaken(String options) throws Exception {
    assertThat(connect(options, true).output())
        .contains("Cipher is " + suite(options))
        .contains("Verify return code: 0 (ok)")
        .doesNotContain(" alert ");
  }

  @ParameterizedTest
  @ValueSource(strings = {GCM_256, GCM_OF_1_3})
  void aClientWithoutCertificateIsRefused(String options) throws Exception {
    Said said = connect(options, false);
    assertThat(said.exitCode()).as(said.output()).isNotZero();
    assertThat(said.output())
        .containsPattern("alert (bad certificate|certificate required|handshake failure)");
  }

  private interface Connected {
    void check(Program server, NetworkException failure) throws Exception;
  }

  /** Connects to a server of OpenSSL, which speaks no DICOM, so that it always fails. */
  private void serve(String options, Connected connected) throws Exception {
    int port = Program.freePort();
    List<Object> command = new ArrayList<>(List.of("openssl", "s_server", "-accept", port));
    command.addAll(List.of("-cert", "server.pem", "-key", "server.key", "-CAfile", "ca.pem"));
    command.addAll(List.of("-Verify", "2"));
    command.addAll(List.of(options.split(" ", -1)));
    Peer peer =
        new Peer(
            "127.0.0.1",
            port,
            Loopback.AE_TITLE,
            "SENDER",
            Optional.of(certificates.keys("client")),
            TIMEOUTS);
    try (Program server = Program.start(folder, command.toArray())) {
      server.awaitOutput("ACCEPT");
      assertThatThrownBy(() -> new DimseUser().echo(peer))
          .isInstanceOfSatisfying(
              NetworkException.class,
              failure -> {
                try {
                  connected.check(server, failure);
                } catch (Exception e) {
                  throw new AssertionError(e);
                }
              });
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {TLS_1_0, TLS_1_1, CBC, STATIC_RSA, CHACHA20_OF_1_2, CCM})
  void aServerThatOffersNothingOfTheProfileIsRefused(String options) throws Exception {
    serve(
        options,
        (server, failure) -> {
          assertThat(failure).hasMessageContaining("TLS failed");
          server.awaitOutput("ERROR");
          assertThat(server.output()).doesNotContain("CIPHER is");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {GCM_256, GCM_128, GCM_DHE, GCM_OF_1_3, CHACHA20})
  void aServerOfTheProfileIsTaken(String options) throws Exception {
    serve(
        options,
        (server, failure) -> {
          assertThat(failure).hasMessageContaining("no answer to the association request");
          server.awaitOutput("CIPHER is " + suite(options));
          assertThat(server.output()).contains("CN = client");
        });
  }

  @Test
  void thePreferredSuiteIsThatOfTheStrongestCipher() throws Exception {
    assertThat(connect("-tls1_2", true).output()).contains("Cipher is " + suite(GCM_256));
    assertThat(connect("-tls1_3", true).output()).contains("Cipher is TLS_AES_256_GCM_SHA384");
  }
}
