package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.llavamed.dicom.tls.TlsContexts;
import org.llavamed.network.NetworkException;
import org.llavamed.network.TlsFiles;
import org.llavamed.network.WebPeer;

/** Requests to one peer: with its credentials, repeated where that is harmless. */
final class Exchange {
  private static final int MOST_REDIRECTS = 5;
  private static final String TRUST =
      "Check that each side trusts the other's certificate, and that it is made out to this host";

  /** What is done with a good answer. An {@link IOException} of it is a reason to ask again. */
  @FunctionalInterface
  interface Reader<T> {
    /** Reads the answer. */
    T read(Answer answer) throws IOException;
  }

  private final WebPeer peer;
  private final Origin origin;
  private final Secrets secrets;
  private final Pauses pauses;
  private final HttpClient client;

  /**
   * Makes the exchange with a peer.
   *
   * @throws NetworkException if credentials would go in the clear, or the keys for TLS do not work
   */
  Exchange(WebPeer peer, Tokens tokens, Pauses pauses) {
    this.peer = peer;
    this.pauses = pauses;
    this.origin = Origin.of(peer.base());
    this.secrets = new Secrets(peer.credentials(), tokens);
    if (secrets.arePresent()) {
      origin.checkSafe();
    }
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(peer.limits().connect());
    peer.tls()
        .ifPresent(
            files ->
                builder.sslContext(TlsContexts.of(files)).sslParameters(TlsContexts.parameters()));
    this.client = builder.build();
  }

  WebPeer peer() {
    return peer;
  }

  /** Returns an address below the base. */
  URI below(String path) {
    return URI.create(peer.base() + path);
  }

  /**
   * Gets a resource, in several attempts where it must be.
   *
   * @throws NetworkException if it cannot be had
   */
  <T> T get(URI uri, String accept, Reader<T> reader) {
    for (int attempt = 1; ; attempt++) {
      Duration pause = pauses.after(attempt);
      try (Answer answer = follow(uri, accept)) {
        if (answer.isGood()) {
          answer.checkPlain();
          return reader.read(answer);
        }
        if (attempt >= peer.limits().attempts() || !answer.isTransient()) {
          throw answer.refusal();
        }
        pause = pauseFor(answer, attempt);
      } catch (IOException e) {
        if (attempt >= peer.limits().attempts() || !isWorthAnother(e)) {
          throw failure(uri, e, attempt);
        }
      }
      pause(uri, pause);
    }
  }

  /** Returns how long to wait after an answer that asks to come again. */
  Duration pauseFor(Answer answer, int attempt) {
    Duration asked = pauses.asked(answer.header("Retry-After")).orElse(pauses.after(attempt));
    if (asked.compareTo(Pauses.LONGEST) > 0) {
      throw NetworkException.failed(
          answer.where(),
          "%s, and asks to wait %d s".formatted(answer.words(), asked.toSeconds()),
          "Try again then");
    }
    return asked;
  }

  /** Returns how long to wait after an attempt that failed. */
  Duration pauseAfter(int attempt) {
    return pauses.after(attempt);
  }

  /** Waits. */
  void pause(URI uri, Duration time) {
    try {
      pauses.sleeper().sleep(time);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure(uri, Interruption.of(e), 1);
    }
  }

  private static boolean isWorthAnother(IOException e) {
    return !(e instanceof InterruptedIOException) && !isOfHandshake(e);
  }

  /** Returns whether both sides could not agree on TLS: they will not in a second attempt. */
  private static boolean isOfHandshake(IOException e) {
    return isCausedBy(SSLHandshakeException.class, e);
  }

  private static boolean isCausedBy(Class<? extends Exception> kind, IOException e) {
    Throwable cause = e;
    for (int depth = 0; cause != null && depth < 10; depth++) {
      if (kind.isInstance(cause)) {
        return true;
      }
      cause = cause.getCause();
    }
    return false;
  }

  /** Returns whether certainly nothing reached the peer. */
  static boolean isBeforeConnection(IOException e) {
    return e instanceof ConnectException || e instanceof HttpConnectTimeoutException;
  }

  /** Returns the error for an exchange that broke. */
  NetworkException failure(URI uri, IOException e, int attempts) {
    String found = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    boolean tls = isOfHandshake(e);
    if (tls) {
      found = "TLS failed (%s)".formatted(found);
    } else if (isCausedBy(UnresolvedAddressException.class, e)) {
      found = "no host of this name is known";
    } else if (isBeforeConnection(e)) {
      found = "no connection" + (e.getMessage() == null ? "" : " (" + e.getMessage() + ")");
    }
    return NetworkException.failed(
        Origin.shown(uri),
        secrets.hide(found) + (attempts > 1 ? ", in %d attempts".formatted(attempts) : ""),
        tls ? TRUST : advice(uri),
        e);
  }

  /** A service that misses our certificate often just hangs up (TLS 1.3). */
  private String advice(URI uri) {
    boolean maybeAsked = Origin.of(uri).scheme().equals("https") && !hasCertificate();
    return maybeAsked
        ? "Check the address, the network, and whether the service asks for a certificate of ours"
        : "Check the address and the network";
  }

  private boolean hasCertificate() {
    return peer.tls().flatMap(TlsFiles::certificate).isPresent();
  }

  private Answer follow(URI uri, String accept) throws IOException {
    URI target = uri;
    for (int redirects = 0; ; redirects++) {
      checkTarget(target);
      HttpRequest.Builder request = HttpRequest.newBuilder(target).header("Accept", accept);
      Answer answer = send(request, new Progress());
      if (answer.status() < 301 || answer.status() > 308 || answer.status() == 304) {
        return answer;
      }
      String location = answer.header("Location").orElse("");
      answer.close();
      if (redirects == MOST_REDIRECTS || location.isEmpty()) {
        throw NetworkException.failed(
            Origin.shown(uri),
            "redirected %d times, at last to '%s'".formatted(redirects + 1, Origin.shown(location)),
            "Check the address");
      }
      target = resolve(target, location);
    }
  }

  private static URI resolve(URI from, String location) {
    try {
      return from.resolve(location);
    } catch (IllegalArgumentException e) {
      throw NetworkException.failed(
          Origin.shown(from),
          "redirected to what is no address (%s)".formatted(e.getMessage()),
          "Report this to those who run the service",
          e);
    }
  }

  /** Credentials stay at their origin; and what was asked for by https is not had by http. */
  private void checkTarget(URI target) {
    Origin other = Origin.of(target);
    boolean weaker = origin.scheme().equals("https") && !other.scheme().equals("https");
    if (!other.isWeb() || weaker || (tellsWhoWeAre() && !other.equals(origin))) {
      throw NetworkException.failed(
          peer,
          "the service leads to %s, which %s"
              .formatted(
                  Origin.shown(target),
                  other.isWeb() && !weaker ? "must not get the credentials" : "is not safe"),
          "Give that address as the service's, if it is right");
    }
  }

  /** Returns whether requests say who we are, by credentials or by our certificate. */
  private boolean tellsWhoWeAre() {
    return secrets.arePresent() || hasCertificate();
  }

  /** Sends with the credentials; with a new token where one is refused. */
  Answer send(HttpRequest.Builder request, Progress progress) throws IOException {
    Answer answer = sendOnce(request, progress);
    if (answer.status() == 401 && secrets.renew()) {
      answer.close();
      return sendOnce(request, progress);
    }
    return answer;
  }

  private Answer sendOnce(HttpRequest.Builder request, Progress progress) throws IOException {
    secrets
        .authorization(token -> transmit(token, new Progress()))
        .ifPresent(value -> request.setHeader("Authorization", value));
    return transmit(request.build(), progress);
  }

  private Answer transmit(HttpRequest request, Progress progress) throws IOException {
    CompletableFuture<HttpResponse<InputStream>> future =
        client.sendAsync(request, head -> new StreamedBody(peer.limits().stall()));
    try {
      return new Answer(await(future, progress), secrets::hide);
    } catch (InterruptedException e) {
      future.cancel(true);
      Thread.currentThread().interrupt();
      throw Interruption.of(e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException cause ? cause : new IOException(e.getCause());
    }
  }

  private HttpResponse<InputStream> await(
      CompletableFuture<HttpResponse<InputStream>> future, Progress progress)
      throws InterruptedException, ExecutionException, IOException {
    long patience = peer.limits().response().toNanos();
    while (true) {
      long left = patience - progress.idleNanos();
      try {
        return future.get(Math.max(left, 1), TimeUnit.NANOSECONDS);
      } catch (TimeoutException e) {
        if (progress.idleNanos() >= patience) {
          future.cancel(true);
          HttpTimeoutException error =
              new HttpTimeoutException(
                  "no answer within %s s".formatted(Seconds.text(peer.limits().response())));
          error.initCause(e);
          throw error;
        }
      }
    }
  }
}
