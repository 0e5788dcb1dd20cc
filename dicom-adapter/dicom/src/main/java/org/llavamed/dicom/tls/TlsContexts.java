package org.llavamed.dicom.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.llavamed.files.FileError;
import org.llavamed.network.NetworkException;
import org.llavamed.network.TlsFiles;

/**
 * TLS as PS3.15 annexes B.9 to B.11 ask by BCP 195: versions 1.2 and 1.3, keys agreed on anew for
 * each connection, ciphers with authentication.
 */
public final class TlsContexts {
  private static final String[] VERSIONS = {"TLSv1.3", "TLSv1.2"};
  private static final String[] CIPHER_SUITES = {
    "TLS_AES_256_GCM_SHA384",
    "TLS_AES_128_GCM_SHA256",
    "TLS_CHACHA20_POLY1305_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_DHE_RSA_WITH_AES_256_GCM_SHA384",
    "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256"
  };
  private static final String[] ALGORITHMS = {"RSA", "EC", "RSASSA-PSS", "EdDSA"};
  private static final long LONGEST_FILE = 1 << 20;

  private final TlsFiles files;
  private final char[] password;

  private TlsContexts(TlsFiles files) {
    this.files = files;
    this.password = files.password().toCharArray();
  }

  /**
   * Returns a context of the keys.
   *
   * @throws NetworkException if a file cannot be read or holds no key or certificate
   */
  public static SSLContext of(TlsFiles files) {
    TlsContexts maker = new TlsContexts(files);
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(maker.keys(), maker.trusted(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw NetworkException.failed(
          files, "the keys cannot be used (%s)".formatted(e.getMessage()), "Check the files", e);
    }
  }

  /** Returns the parameters of every connection. */
  public static SSLParameters parameters() {
    SSLParameters parameters = new SSLParameters(CIPHER_SUITES.clone(), VERSIONS.clone());
    parameters.setUseCipherSuitesOrder(true);
    return parameters;
  }

  private KeyManager[] keys() throws GeneralSecurityException {
    Path file = files.certificate().orElse(null);
    if (file == null) {
      return new KeyManager[0];
    }
    KeyStore store;
    if (isStore(file)) {
      store = store(file);
    } else {
      store = empty();
      Path keyFile = files.key().orElse(file);
      store.setKeyEntry(
          "own", key(keyFile), password, certificates(file).toArray(Certificate[]::new));
    }
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  private TrustManager[] trusted() throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    if (files.authorities().isEmpty()) {
      factory.init((KeyStore) null);
      return factory.getTrustManagers();
    }
    KeyStore store = empty();
    for (Path file : files.authorities()) {
      for (Certificate certificate : isStore(file) ? stored(file) : certificates(file)) {
        store.setCertificateEntry("authority" + store.size(), certificate);
      }
    }
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static boolean isStore(Path file) {
    String name = file.toString().toLowerCase(Locale.ROOT);
    return name.endsWith(".p12") || name.endsWith(".pfx");
  }

  private static KeyStore empty() throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try {
      store.load(null, null);
    } catch (IOException e) {
      throw new GeneralSecurityException("no empty PKCS #12 store", e);
    }
    return store;
  }

  private KeyStore store(Path file) throws GeneralSecurityException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = new ByteArrayInputStream(bytes(file))) {
      store.load(in, password);
      return store;
    } catch (IOException e) {
      throw NetworkException.failed(
          file,
          "the PKCS #12 file cannot be opened (%s)".formatted(e.getMessage()),
          "Check the file and its password",
          e);
    }
  }

  private List<Certificate> stored(Path file) throws GeneralSecurityException {
    KeyStore store = store(file);
    List<Certificate> certificates = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      Optional.ofNullable(store.getCertificate(alias)).ifPresent(certificates::add);
    }
    return certificates;
  }

  private static List<Certificate> certificates(Path file) throws GeneralSecurityException {
    List<byte[]> blocks = blocks(file, "CERTIFICATE");
    if (blocks.isEmpty()) {
      throw NetworkException.failed(
          file, "it holds no 'BEGIN CERTIFICATE'", "Name a PEM file with certificates");
    }
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    List<Certificate> certificates = new ArrayList<>();
    for (byte[] block : blocks) {
      try {
        certificates.add(factory.generateCertificate(new ByteArrayInputStream(block)));
      } catch (CertificateException e) {
        throw damaged(file, "certificate", e);
      }
    }
    return certificates;
  }

  private static PrivateKey key(Path file) throws GeneralSecurityException {
    List<byte[]> blocks = blocks(file, "PRIVATE KEY");
    if (blocks.isEmpty()) {
      throw NetworkException.failed(
          file,
          "it holds no 'BEGIN PRIVATE KEY'",
          "Convert the key by 'openssl pkcs8 -topk8 -nocrypt'");
    }
    PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(blocks.get(0));
    GeneralSecurityException last = new GeneralSecurityException("no algorithm");
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(spec);
      } catch (GeneralSecurityException e) {
        last = e;
      }
    }
    throw damaged(file, "private key", last);
  }

  /** Returns the blocks of a kind in a PEM file (RFC 7468), whatever lies between them. */
  private static List<byte[]> blocks(Path file, String kind) {
    Matcher pem =
        Pattern.compile("-----BEGIN %1$s-----([^-]*)-----END %1$s-----".formatted(kind))
            .matcher(new String(bytes(file), StandardCharsets.ISO_8859_1));
    List<byte[]> blocks = new ArrayList<>();
    while (pem.find()) {
      try {
        blocks.add(Base64.getMimeDecoder().decode(pem.group(1)));
      } catch (IllegalArgumentException e) {
        throw damaged(file, kind.toLowerCase(Locale.ROOT), e);
      }
    }
    return blocks;
  }

  private static NetworkException damaged(Path file, String what, Exception e) {
    return NetworkException.failed(
        file,
        "its %s cannot be read (%s)".formatted(what, e.getMessage()),
        "Make the PEM file again",
        e);
  }

  private static byte[] bytes(Path file) {
    try {
      if (Files.size(file) > LONGEST_FILE) {
        throw NetworkException.failed(
            file, "it has more than %d bytes".formatted(LONGEST_FILE), "Name a key file");
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      FileError error = FileError.reading(file, e);
      throw NetworkException.failed(file, error.found(), error.advice(), e);
    }
  }
}
