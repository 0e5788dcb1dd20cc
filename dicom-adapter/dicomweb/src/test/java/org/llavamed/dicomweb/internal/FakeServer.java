package org.llavamed.dicomweb.internal;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A web service on the loopback interface that answers what a test tells it to, in turn. */
final class FakeServer implements AutoCloseable {
  /** Answers one request. */
  @FunctionalInterface
  interface Reply {
    void answer(HttpExchange exchange) throws IOException;
  }

  private final HttpServer server;
  private final String scheme;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Queue<Reply> replies = new ArrayDeque<>();

  /** Method, address and Authorization of each request. */
  final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  FakeServer() throws IOException {
    this(HttpServer.create(), "http");
  }

  /** A service by TLS. */
  static FakeServer secure(HttpsConfigurator configurator) throws IOException {
    HttpsServer server = HttpsServer.create();
    server.setHttpsConfigurator(configurator);
    return new FakeServer(server, "https");
  }

  private FakeServer(HttpServer server, String scheme) throws IOException {
    this.server = server;
    this.scheme = scheme;
    server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      String authorization = exchange.getRequestHeaders().getFirst("Authorization");
      requests.add(
          exchange.getRequestMethod()
              + " "
              + exchange.getRequestURI()
              + (authorization == null ? "" : " " + authorization));
      Reply reply;
      synchronized (replies) {
        reply = replies.remove();
      }
      reply.answer(exchange);
    }
  }

  FakeServer then(Reply reply) {
    synchronized (replies) {
      replies.add(reply);
    }
    return this;
  }

  /** Answers with a body, after the request is read. */
  FakeServer then(int status, String type, String body, String... headers) {
    return then(
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          for (int i = 0; i < headers.length; i += 2) {
            exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
          }
          byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
          exchange.getResponseHeaders().add("Content-Type", type);
          exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
          exchange.getResponseBody().write(bytes);
        });
  }

  URI base() {
    return URI.create(scheme + "://127.0.0.1:" + server.getAddress().getPort() + "/dicom-web");
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
