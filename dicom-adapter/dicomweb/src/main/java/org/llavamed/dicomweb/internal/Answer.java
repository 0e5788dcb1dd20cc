package org.llavamed.dicomweb.internal;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.llavamed.network.NetworkException;

/** An answer of a peer: its head, and its body as it comes. */
final class Answer implements AutoCloseable {
  private static final int LONGEST_TEXT = 2000;
  private static final Map<Integer, String> ADVICE =
      Map.of(
          400, "Check the request",
          401, "Check the credentials",
          403, "Ask those who run the service for the right",
          404, "Check the address and the UIDs",
          406, "Ask for another form, which the service has",
          410, "It was removed",
          413, "Lower the size of a request",
          415, "The service does not take this form");

  private final HttpResponse<InputStream> response;
  private final UnaryOperator<String> hide;

  /**
   * Takes an answer.
   *
   * @param hide takes secrets out of what the peer says
   */
  Answer(HttpResponse<InputStream> response, UnaryOperator<String> hide) {
    this.response = response;
    this.hide = hide;
  }

  int status() {
    return response.statusCode();
  }

  URI uri() {
    return response.uri();
  }

  /** Returns the address for messages. */
  String where() {
    return Origin.shown(response.uri());
  }

  Optional<String> header(String name) {
    return response.headers().firstValue(name);
  }

  /** Returns how the body is encoded; empty where it is as it is. */
  private String coding() {
    String coding = header("Content-Encoding").orElse("");
    return coding.equalsIgnoreCase("identity") ? "" : coding;
  }

  /**
   * Refuses a compressed body, which could become of any size.
   *
   * @throws NetworkException if it has a Content-Encoding
   */
  void checkPlain() {
    if (!coding().isEmpty()) {
      throw unexpected("no Content-Encoding, but it has '" + coding() + "'");
    }
  }

  MediaType type() {
    return MediaType.of(header("Content-Type"));
  }

  InputStream body() {
    return response.body();
  }

  boolean isGood() {
    return status() >= 200 && status() < 300;
  }

  /** Returns whether the same request may succeed a little later. */
  boolean isTransient() {
    return status() == 429 || status() == 502 || status() == 503 || status() == 504;
  }

  /** Returns the status and the beginning of what the peer says, if that is text. */
  String words() {
    boolean readable = type().name().matches("text/plain|application/(problem\\+)?json");
    String text = readable && coding().isEmpty() ? text() : "";
    return "HTTP status " + status() + (text.isBlank() ? "" : ": " + text);
  }

  private String text() {
    try {
      byte[] start = body().readNBytes(LONGEST_TEXT);
      String text = hide.apply(new String(start, StandardCharsets.UTF_8));
      return text.replaceAll("[\\p{Cc}\\s]+", " ").strip();
    } catch (IOException e) {
      return "(the rest cannot be read: %s)".formatted(e.getMessage());
    }
  }

  /** Returns the error for an answer that is not good. */
  NetworkException refusal() {
    return NetworkException.failed(
        where(), words(), ADVICE.getOrDefault(status(), "Ask those who run the service, or retry"));
  }

  /** Returns the error for an answer of an unexpected kind. */
  NetworkException unexpected(String expected) {
    return NetworkException.failed(
        where(),
        "the answer is %s, expected %s".formatted(type().words(), expected),
        "Check that the address is that of a DICOMweb service");
  }

  @Override
  public void close() throws IOException {
    body().close();
  }
}
