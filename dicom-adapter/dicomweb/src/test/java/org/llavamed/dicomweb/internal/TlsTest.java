package org.llavamed.dicomweb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import java.io.InputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.network.NetworkException;
import org.llavamed.network.TlsFiles;
import org.llavamed.network.WebLimits;
import org.llavamed.network.WebPeer;
import org.llavamed.network.WebQuery;

/** The client before a service by TLS, with certificates made for the test. */
final class TlsTest {
  private static final char[] PASSWORD = "secret".toCharArray();

  @TempDir Path folder;
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private final HttpDicomWeb web =
      new HttpDicomWeb(new Pauses(() -> Instant.EPOCH, () -> 0, pauses::add));

  @BeforeEach
  void makeAuthority() throws Exception {
    make("ca", "-ext", "bc:c");
  }

  /** Makes a key and its certificate. */
  private void make(String name, String... more) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-keyalg",
                "EC",
                "-alias",
                name,
                "-dname",
                "CN=" + name,
                "-keystore",
                store().toString(),
                "-storepass",
                new String(PASSWORD)));
    command.addAll(Arrays.asList(more));
    assertThat(
            new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("keytool.log").toFile())
                .start()
                .waitFor())
        .isZero();
  }

  private void issue(String name, String host) throws Exception {
    make(name, "-signer", "ca", "-ext", "san=" + host);
  }

  private Path store() {
    return folder.resolve("all.p12");
  }

  private KeyStore keys() throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store())) {
      keys.load(in, PASSWORD);
    }
    return keys;
  }

  /** Starts a service that shows a certificate, and asks for one of the authority if told. */
  private FakeServer start(String name, boolean asks) throws Exception {
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    own.setKeyEntry(
        name, keys().getKey(name, PASSWORD), PASSWORD, keys().getCertificateChain(name));
    KeyManagerFactory managers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(own, PASSWORD);
    KeyStore authorities = KeyStore.getInstance("PKCS12");
    authorities.load(null, null);
    authorities.setCertificateEntry("ca", keys().getCertificate("ca"));
    TrustManagerFactory trusted =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trusted.init(authorities);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), trusted.getTrustManagers(), null);
    return FakeServer.secure(
        new HttpsConfigurator(context) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters wanted = getSSLContext().getDefaultSSLParameters();
            wanted.setNeedClientAuth(asks);
            parameters.setSSLParameters(wanted);
          }
        });
  }

  private Path certificate(String name) throws Exception {
    return Files.writeString(
        folder.resolve(name + ".pem"),
        pem("CERTIFICATE", keys().getCertificate(name).getEncoded()));
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes));
  }

  private TlsFiles trusting(String name) throws Exception {
    return new TlsFiles(Optional.empty(), Optional.empty(), List.of(certificate(name)), "");
  }

  private List<String> find(URI base, TlsFiles tls) {
    WebLimits limits = WebLimits.DEFAULT.with(Duration.ofSeconds(5), 2);
    WebPeer peer = new WebPeer(base, Optional.empty(), Optional.of(tls), limits);
    List<String> found = new ArrayList<>();
    web.find(peer, WebQuery.of(WebQuery.Level.STUDY, Map.of()), match -> found.add(match.json()));
    return found;
  }

  private void assertRefused(FakeServer server, TlsFiles tls, String reason) {
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(server.base(), tls))
        .withMessageStartingWith(server.base() + "/studies: TLS failed (")
        .withMessageContaining(reason)
        .withMessageEndingWith(
            "Check that each side trusts the other's certificate, and that it is made out to this"
                + " host.");
    assertThat(pauses).as("attempts after the first").isEmpty();
    assertThat(server.requests).isEmpty();
  }

  private static FakeServer answering(FakeServer server) {
    return server.then(200, "application/dicom+json", "[{}]");
  }

  @Test
  void aServiceOfTheNamedAuthorityIsTrustedAndNoOther() throws Exception {
    issue("server", "ip:127.0.0.1");
    make("other", "-ext", "bc:c");
    try (FakeServer server = start("server", false)) {
      assertRefused(server, trusting("other"), "PKIX path");
      assertRefused(
          server,
          new TlsFiles(Optional.empty(), Optional.empty(), List.of(), ""),
          "unable to find valid certification path");
      assertThat(find(answering(server).base(), trusting("ca"))).containsExactly("{}");
    }
  }

  @Test
  void aServiceWithTheCertificateOfAnotherHostIsRefused() throws Exception {
    issue("server", "dns:pacs.example");
    try (FakeServer server = start("server", false)) {
      assertRefused(server, trusting("ca"), "No subject alternative names matching IP address");
    }
  }

  @Test
  void ourCertificateIsGivenToAServiceThatAsksForIt() throws Exception {
    issue("server", "ip:127.0.0.1");
    issue("client", "dns:client.example");
    Key key = keys().getKey("client", PASSWORD);
    Path own =
        Files.writeString(
            folder.resolve("own.pem"),
            pem("PRIVATE KEY", key.getEncoded()) + Files.readString(certificate("client")));
    TlsFiles files =
        new TlsFiles(Optional.of(own), Optional.empty(), List.of(certificate("ca")), "");
    try (FakeServer server = start("server", true)) {
      assertThat(find(answering(server).base(), files)).containsExactly("{}");
    }
    try (FakeServer server = start("server", true)) {
      TlsFiles none = trusting("ca");
      assertThatExceptionOfType(NetworkException.class)
          .isThrownBy(() -> find(server.base(), none))
          .withMessageStartingWith(server.base() + "/studies: ")
          .withMessageEndingWith("whether the service asks for a certificate of ours.");
      assertThat(server.requests).isEmpty();
    }
  }

  @Test
  void aServiceThatKnowsUsByOurCertificateCannotSendUsElsewhere() throws Exception {
    issue("server", "ip:127.0.0.1");
    issue("client", "dns:client.example");
    Key key = keys().getKey("client", PASSWORD);
    TlsFiles files =
        new TlsFiles(
            Optional.of(certificate("client")),
            Optional.of(
                Files.writeString(folder.resolve("key.pem"), pem("PRIVATE KEY", key.getEncoded()))),
            List.of(certificate("ca")),
            "");
    try (FakeServer server = start("server", true);
        FakeServer other = start("server", true)) {
      server.then(302, "text/plain", "", "Location", other.base() + "/studies?a=b");
      assertThatExceptionOfType(NetworkException.class)
          .isThrownBy(() -> find(server.base(), files))
          .withMessageContaining("leads to " + other.base() + "/studies, which must not");
      assertThat(other.requests).isEmpty();
    }
  }

  @Test
  void aServiceByTlsCannotLeadToOneWithout() throws Exception {
    issue("server", "ip:127.0.0.1");
    try (FakeServer server = start("server", false);
        FakeServer clear = new FakeServer()) {
      server.then(302, "text/plain", "", "Location", clear.base() + "/studies");
      TlsFiles files = trusting("ca");
      assertThatExceptionOfType(NetworkException.class)
          .isThrownBy(() -> find(server.base(), files))
          .withMessageContaining("which is not safe");
      assertThat(clear.requests).isEmpty();
    }
  }

  @Test
  void aServiceWithoutTlsIsNamed() throws Exception {
    TlsFiles files = trusting("ca");
    try (FakeServer clear = new FakeServer()) {
      URI base = URI.create(clear.base().toString().replace("http:", "https:"));
      assertThatExceptionOfType(NetworkException.class)
          .isThrownBy(() -> find(base, files))
          .withMessageStartingWith(base + "/studies: ");
      assertThat(clear.requests).isEmpty();
    }
  }
}
