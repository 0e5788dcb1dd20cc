package org.llavamed.network;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Where the keys of a TLS connection lie (PS3.15 annex B: TLS 1.2 and 1.3 by BCP 195).
 *
 * @param certificate our certificate and its chain as PEM, or a PKCS #12 file (.p12, .pfx) that
 *     holds the key too; empty for a client without one
 * @param key our private key as PEM (PKCS #8, not encrypted); empty where the PKCS #12 file has it
 * @param authorities certificates as PEM, or PKCS #12 files, that the peer's must derive from;
 *     empty for the authorities of the Java runtime
 * @param password of the PKCS #12 files; may be empty
 */
public record TlsFiles(
    Optional<Path> certificate, Optional<Path> key, List<Path> authorities, String password) {
  public TlsFiles {
    authorities = List.copyOf(authorities);
    if (key.isPresent() && certificate.isEmpty()) {
      throw new IllegalArgumentException("a key needs its certificate");
    }
  }

  /** Leaves the password out. */
  @Override
  public String toString() {
    return "TLS with %s, trusting %s".formatted(certificate, authorities);
  }
}
