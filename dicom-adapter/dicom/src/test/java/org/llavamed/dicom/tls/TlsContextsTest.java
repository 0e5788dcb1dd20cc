package org.llavamed.dicom.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.network.NetworkException;
import org.llavamed.network.TlsFiles;

class TlsContextsTest {
  private static final String PASSWORD = "secret";

  @TempDir Path folder;
  private String certificate = "";
  private String key = "";

  @BeforeEach
  void makeKeys() throws Exception {
    certificate = pem("CERTIFICATE", new byte[] {1});
    key = pem("PRIVATE KEY", new byte[] {1});
  }

  private void make(String algorithm) throws Exception {
    Path store = folder.resolve(algorithm + ".p12");
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "own",
                "-keyalg",
                algorithm,
                "-dname",
                "CN=own",
                "-keystore",
                store.toString(),
                "-storetype",
                "PKCS12",
                "-storepass",
                PASSWORD)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("keytool.log").toFile())
            .start();
    assertThat(keytool.waitFor()).isZero();
    KeyStore keys = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(store)) {
      keys.load(in, PASSWORD.toCharArray());
    }
    certificate = pem("CERTIFICATE", keys.getCertificate("own").getEncoded());
    key = pem("PRIVATE KEY", keys.getKey("own", PASSWORD.toCharArray()).getEncoded());
  }

  private static String pem(String kind, byte[] bytes) {
    return "-----BEGIN %1$s-----\n%2$s\n-----END %1$s-----\n"
        .formatted(kind, Base64.getMimeEncoder().encodeToString(bytes));
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private static void open(Path certificates, Path key) {
    TlsFiles files =
        new TlsFiles(Optional.of(certificates), Optional.of(key), List.of(certificates), "");
    assertThat(TlsContexts.of(files).getProtocol()).isEqualTo("TLS");
  }

  @ParameterizedTest
  @ValueSource(strings = {"RSA", "EC", "Ed25519"})
  void aFileMayHoldKeyAndCertificateInAnyOrderWithTextBetween(String algorithm) throws Exception {
    make(algorithm);
    Path keyFirst = file("key-first.pem", "subject=own\n" + key + "issuer=own\n" + certificate);
    open(keyFirst, keyFirst);
    Path keyLast = file("key-last.pem", certificate + key);
    open(keyLast, keyLast);
  }

  @Test
  void aPkcs12FileNeedsItsPassword() throws Exception {
    make("EC");
    Path store = folder.resolve("EC.p12");
    TlsFiles files = new TlsFiles(Optional.of(store), Optional.empty(), List.of(store), PASSWORD);
    assertThat(TlsContexts.of(files).getProtocol()).isEqualTo("TLS");
    assertRefused(
        new TlsFiles(Optional.of(store), Optional.empty(), List.of(store), "wrong"),
        store + ": the PKCS #12 file cannot be opened (");
  }

  private static void assertRefused(TlsFiles files, String start) {
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> TlsContexts.of(files))
        .withMessageStartingWith(start);
  }

  private static TlsFiles trusting(Path file) {
    return new TlsFiles(Optional.empty(), Optional.empty(), List.of(file), "");
  }

  @Test
  void whatIsMissingOrDamagedIsNamed() throws Exception {
    Path onlyKey = file("key.pem", key);
    assertRefused(trusting(onlyKey), onlyKey + ": it holds no 'BEGIN CERTIFICATE'. Name a PEM");
    Path damaged = file("damaged.pem", certificate + key);
    assertRefused(trusting(damaged), damaged + ": its certificate cannot be read (");
    Path half = file("half.pem", certificate.replace("AQ==", "AQ" + "=A"));
    assertRefused(trusting(half), half + ": its certificate cannot be read (");
    Path absent = folder.resolve("absent.pem");
    assertRefused(trusting(absent), absent + ": there is no such file. Check the path");
    make("EC");
    Path good = file("good.pem", certificate);
    Path bad = file("bad.pem", pem("PRIVATE KEY", new byte[] {1, 2, 3}));
    assertRefused(
        new TlsFiles(Optional.of(good), Optional.of(bad), List.of(), ""),
        bad + ": its private key cannot be read (");
    assertRefused(
        new TlsFiles(Optional.of(good), Optional.empty(), List.of(), ""),
        good + ": it holds no 'BEGIN PRIVATE KEY'. Convert the key by 'openssl pkcs8");
  }

  @Test
  void connectionsUseTls12OrLaterWithAuthenticatedCiphersAlone() {
    assertThat(TlsContexts.parameters().getProtocols()).containsExactly("TLSv1.3", "TLSv1.2");
    assertThat(TlsContexts.parameters().getCipherSuites())
        .isNotEmpty()
        .allMatch(name -> name.matches(".*_(GCM|POLY1305)_SHA(256|384)"));
  }
}
