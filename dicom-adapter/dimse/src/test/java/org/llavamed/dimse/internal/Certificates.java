package org.llavamed.dimse.internal;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.TlsFiles;

/**
 * Keys and certificates by OpenSSL, as NAME.key and NAME.pem in a folder.
 *
 * @param folder where they are
 */
record Certificates(Path folder) {
  /** Makes an authority {@code ca}, a {@code server} and a {@code client}. */
  static Certificates make(Path folder) throws Exception {
    Program.require("openssl", "openssl");
    Certificates certificates = new Certificates(folder);
    certificates.authority("ca");
    certificates.issue("server");
    certificates.issue("client");
    return certificates;
  }

  void authority(String name) throws Exception {
    openssl(
        "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=%s -keyout %s.key -out %s.pem"
            .formatted(name, name, name));
  }

  private void issue(String name) throws Exception {
    Files.writeString(folder.resolve("extensions"), "subjectAltName=IP:127.0.0.1,DNS:localhost\n");
    openssl(
        "req -newkey rsa:2048 -nodes -subj /CN=%s -keyout %s.key -out %s.csr"
            .formatted(name, name, name));
    openssl(
        "x509 -req -days 2 -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -extfile extensions -out %s.pem"
            .formatted(name, name));
  }

  /** Runs openssl in the folder; it must succeed. */
  void openssl(String words) throws Exception {
    Program.run(folder, (Object[]) ("openssl " + words).split(" ", -1));
  }

  TlsFiles keys(String name) {
    return new TlsFiles(
        Optional.of(folder.resolve(name + ".pem")),
        Optional.of(folder.resolve(name + ".key")),
        List.of(folder.resolve("ca.pem")),
        "");
  }

  /** Returns the same settings with the keys of {@code server}. */
  ReceiveSettings server(ReceiveSettings settings) {
    return new ReceiveSettings(
        settings.aeTitle(),
        settings.bindAddress(),
        settings.port(),
        settings.folder(),
        settings.access(),
        settings.limits(),
        settings.timeouts(),
        Optional.of(keys("server")));
  }
}
