package org.llavamed.command.internal;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.files.FileError;
import org.llavamed.network.TlsFiles;
import org.llavamed.network.WebCredentials;
import org.llavamed.network.WebLimits;
import org.llavamed.network.WebPeer;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/**
 * A DICOMweb service on the command line. Secrets come from files, which a process list does not
 * show.
 */
final class WebOptions {
  private static final String TLS_PASSWORD = "LLAVAMED_TLS_PASSWORD";

  @Parameters(
      index = "0",
      paramLabel = "URL",
      description = "Address of the service, before /studies.")
  private URI url;

  @Option(names = "--user", paramLabel = "NAME", description = "Basic authentication: the name.")
  private @Nullable String user;

  @Option(
      names = "--password-file",
      paramLabel = "FILE",
      description = "Basic authentication: a file that holds the password.")
  private @Nullable Path passwordFile;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "OAuth 2: a file that holds the bearer token.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--oauth",
      paramLabel = "URL",
      description = "OAuth 2: the token endpoint (client credentials grant).")
  private @Nullable URI oauth;

  @Option(names = "--client-id", paramLabel = "ID", description = "OAuth 2: our name there.")
  private @Nullable String clientId;

  @Option(
      names = "--client-secret-file",
      paramLabel = "FILE",
      description = "OAuth 2: a file that holds our secret there.")
  private @Nullable Path secretFile;

  @Option(names = "--scope", paramLabel = "TEXT", description = "OAuth 2: the scope to ask for.")
  private String scope = "";

  @Option(
      names = "--tls-cert",
      paramLabel = "FILE",
      description =
          "Own certificate with its chain (PEM), or with the key (.p12, its password in the"
              + " environment variable "
              + TLS_PASSWORD
              + ").")
  private @Nullable Path certificate;

  @Option(
      names = "--tls-key",
      paramLabel = "FILE",
      description = "Own private key (PEM, PKCS #8, not encrypted).")
  private @Nullable Path key;

  @Option(
      names = "--tls-ca",
      paramLabel = "FILE",
      description = "Certificates that the service's must derive from (default: Java's).")
  private List<Path> authorities = List.of();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      description = "Longest wait for an answer or a part of it (default: 60).")
  private @Nullable Integer timeout;

  @Option(
      names = "--attempts",
      paramLabel = "N",
      defaultValue = "4",
      description = "How often to try what may be repeated (default: ${DEFAULT-VALUE}).")
  private int attempts;

  /**
   * Returns the service.
   *
   * @throws ParameterException if the options do not go together
   */
  WebPeer peer(CommandLine line) {
    try {
      WebLimits usual = WebLimits.DEFAULT;
      Duration patience =
          timeout == null ? usual.response() : Duration.ofSeconds(timeout.longValue());
      return new WebPeer(url, credentials(line), tls(), usual.with(patience, attempts));
    } catch (IllegalArgumentException e) {
      throw new ParameterException(line, String.valueOf(e.getMessage()), e);
    }
  }

  private Optional<TlsFiles> tls() {
    return certificate == null && key == null && authorities.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new TlsFiles(
                Optional.ofNullable(certificate),
                Optional.ofNullable(key),
                authorities,
                System.getenv().getOrDefault(TLS_PASSWORD, "")));
  }

  private Optional<WebCredentials> credentials(CommandLine line) {
    int ways = (user == null ? 0 : 1) + (tokenFile == null ? 0 : 1) + (oauth == null ? 0 : 1);
    if (ways > 1) {
      throw new ParameterException(line, "Give one of --user, --token-file and --oauth");
    }
    if (user != null) {
      String password = secret(line, passwordFile, "--user goes with --password-file");
      return Optional.of(new WebCredentials.Basic(user, password));
    }
    if (tokenFile != null) {
      return Optional.of(new WebCredentials.Bearer(secret(line, tokenFile, "")));
    }
    if (oauth == null) {
      return Optional.empty();
    }
    String needs = "--oauth goes with --client-id and --client-secret-file";
    if (clientId == null) {
      throw new ParameterException(line, needs);
    }
    return Optional.of(
        new WebCredentials.ClientCredentials(
            oauth, clientId, secret(line, secretFile, needs), scope));
  }

  private static String secret(CommandLine line, @Nullable Path file, String needs) {
    if (file == null) {
      throw new ParameterException(line, needs);
    }
    try {
      return Files.readString(file).lines().findFirst().orElse("").strip();
    } catch (IOException e) {
      throw new ParameterException(line, "%s: %s".formatted(file, FileError.reading(file, e)), e);
    }
  }
}
