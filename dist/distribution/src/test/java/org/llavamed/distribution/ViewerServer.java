package org.llavamed.distribution;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Serves a web viewer's files and passes DICOMweb on to an archive, all as one origin. */
final class ViewerServer implements AutoCloseable {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html",
          "js", "text/javascript",
          "css", "text/css",
          "json", "application/json",
          "svg", "image/svg+xml",
          "wasm", "application/wasm",
          "woff2", "font/woff2");

  private static final Set<String> PASSED_ON = Set.of("accept", "content-type");

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final HttpClient http = HttpClient.newHttpClient();
  private final HttpServer server;
  private final Path files;
  private final Path configuration;
  private final URI archive;

  private ViewerServer(HttpServer server, Path files, Path configuration, URI archive) {
    this.server = server;
    this.files = files;
    this.configuration = configuration;
    this.archive = archive;
  }

  /**
   * Starts it on a loopback port.
   *
   * @param configuration what is served as {@code app-config.js}
   */
  static ViewerServer start(int port, Path files, Path configuration, URI archive)
      throws IOException {
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    var viewer = new ViewerServer(server, files.toRealPath(), configuration, archive);
    server.createContext("/", viewer::answer);
    server.setExecutor(viewer.threads);
    server.start();
    return viewer;
  }

  int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      var headers = exchange.getResponseHeaders();
      headers.set("Cross-Origin-Opener-Policy", "same-origin");
      headers.set("Cross-Origin-Embedder-Policy", "require-corp");
      headers.set("Cross-Origin-Resource-Policy", "same-origin");
      String path = exchange.getRequestURI().getPath();
      if (path.startsWith("/dicom-web") || path.startsWith("/wado")) {
        passOn(exchange);
      } else {
        serve(exchange, path);
      }
    }
  }

  private void passOn(HttpExchange exchange) throws IOException {
    var request =
        HttpRequest.newBuilder(archive.resolve(exchange.getRequestURI().toString()))
            .method(
                exchange.getRequestMethod(),
                BodyPublishers.ofByteArray(exchange.getRequestBody().readAllBytes()));
    exchange
        .getRequestHeaders()
        .forEach(
            (name, values) -> {
              if (PASSED_ON.contains(name.toLowerCase(java.util.Locale.ROOT))) {
                values.forEach(value -> request.header(name, value));
              }
            });
    try {
      HttpResponse<byte[]> answer = http.send(request.build(), BodyHandlers.ofByteArray());
      answer
          .headers()
          .firstValue("Content-Type")
          .ifPresent(type -> exchange.getResponseHeaders().set("Content-Type", type));
      send(exchange, answer.statusCode(), answer.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the test is over
    }
  }

  private void serve(HttpExchange exchange, String path) throws IOException {
    Path file =
        path.equals("/app-config.js")
            ? configuration
            : files.resolve(path.substring(1)).normalize();
    boolean inside = file.equals(configuration) || file.startsWith(files);
    if (!inside || !Files.isRegularFile(file)) {
      if (path.substring(path.lastIndexOf('/')).contains(".")) {
        send(exchange, 404, new byte[0]);
        return;
      }
      file = files.resolve("index.html"); // a page of the viewer has no file
    }
    String name = file.getFileName().toString();
    exchange
        .getResponseHeaders()
        .put(
            "Content-Type",
            List.of(
                TYPES.getOrDefault(
                    name.substring(name.lastIndexOf('.') + 1), "application/octet-stream")));
    send(exchange, 200, Files.readAllBytes(file));
  }

  private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    if (body.length > 0) {
      exchange.getResponseBody().write(body);
    }
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
