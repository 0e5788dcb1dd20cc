package org.llavamed.command.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.network.TlsFiles;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options for TLS. */
final class TlsOptions {
  /** Name of the environment variable with the password of PKCS #12 files. */
  private static final String PASSWORD = "LLAVAMED_TLS_PASSWORD";

  @Option(
      names = "--tls",
      description =
          "Use TLS 1.2 or 1.3; the password of PKCS #12 files is taken from the environment"
              + " variable "
              + PASSWORD
              + ".")
  private boolean tls;

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description = "Own certificate with its chain (PEM), or with the key (.p12).")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Own private key (PEM, PKCS #8, not encrypted).")
  private @Nullable Path key;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "Certificates that the peer's must derive from (PEM or .p12; default: Java's).")
  private List<Path> authorities = List.of();

  /**
   * Requires what a port needs on which peers connect by TLS: a certificate to show, and the
   * authorities of theirs. Java's own would let in whoever has a certificate of a public one.
   *
   * @throws ParameterException if one of them is missing
   */
  static void requireForPort(CommandLine line, Optional<TlsFiles> tls) {
    if (tls.isPresent()
        && (tls.get().certificate().isEmpty() || tls.get().authorities().isEmpty())) {
      throw new ParameterException(
          line, "a port with --tls needs --tls-cert, and --tls-ca for the peers' certificates");
    }
  }

  /**
   * Returns the keys; empty for a connection in the clear.
   *
   * @throws ParameterException if files are named without --tls, or a key without a certificate
   */
  Optional<TlsFiles> files(CommandLine line) {
    boolean named = certificate != null || key != null || !authorities.isEmpty();
    if (!tls && named) {
      throw new ParameterException(line, "--tls-cert, --tls-key and --tls-ca go with --tls");
    }
    if (!tls) {
      return Optional.empty();
    }
    if (key != null && certificate == null) {
      throw new ParameterException(line, "--tls-key goes with --tls-cert");
    }
    return Optional.of(
        new TlsFiles(
            Optional.ofNullable(certificate),
            Optional.ofNullable(key),
            authorities,
            System.getenv().getOrDefault(PASSWORD, "")));
  }
}
