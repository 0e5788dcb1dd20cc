package org.llavamed.dicomweb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebCredentials.ClientCredentials;
import org.llavamed.network.WebDataSet;
import org.llavamed.network.WebLimits;
import org.llavamed.network.WebPeer;
import org.llavamed.network.WebQuery;
import org.llavamed.network.WebResource;
import org.llavamed.network.WebStoreOutcome;

/** The client before a service that means it no good: it ends, in bounded memory, by name. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class HostileServiceTest {
  private static final String JSON = "application/dicom+json";
  private static final WebResource STUDY =
      new WebResource(Instances.STUDY, Optional.empty(), Optional.empty());
  private static final WebResource INSTANCE =
      WebResource.instance(Instances.STUDY, Instances.SERIES, Instances.uid(1));

  @TempDir Path folder;
  private final HttpDicomWeb web =
      new HttpDicomWeb(new Pauses(() -> Instant.EPOCH, () -> 0, time -> {}));
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private static WebPeer peer(URI base) {
    Duration patience = Duration.ofMillis(500);
    return new WebPeer(
        base, Optional.empty(), Optional.empty(), WebLimits.DEFAULT.with(patience, 2));
  }

  private WebPeer peer() {
    return WebPeer.of(server.base());
  }

  private List<WebDataSet> find(WebPeer peer, long limit) {
    List<WebDataSet> found = new ArrayList<>();
    web.find(
        peer, new WebQuery(WebQuery.Level.STUDY, Map.of(), List.of(), false, limit, 0), found::add);
    return found;
  }

  private void assertNamed(String message) {
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), 0))
        .withMessageStartingWith(server.base() + "/studies: ")
        .withMessageContaining(message)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(4001));
  }

  private static void repeat(OutputStream out, String text) throws IOException {
    byte[] bytes = text.repeat(1 + 8192 / text.length()).getBytes(StandardCharsets.ISO_8859_1);
    while (true) { // until the client hangs up
      out.write(bytes);
    }
  }

  private FakeServer endless(String type, String start, String again) {
    return server.then(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", type);
          exchange.sendResponseHeaders(200, 0);
          exchange.getResponseBody().write(start.getBytes(StandardCharsets.ISO_8859_1));
          repeat(exchange.getResponseBody(), again);
        });
  }

  @Test
  void endlessMatchesEndAtTheLimit() {
    endless(JSON, "[{}", ",{}");
    assertThat(find(peer(), 3)).hasSize(3);
    endless(JSON, "[{}", ",{}");
    assertNamed("at most 100000 data sets, but it has more");
    endless(JSON, "[{}", ",{}");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.metadata(peer(), STUDY, dataSet -> {}))
        .withMessageContaining("at most 100000 data sets, but it has more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{},", "[],", "99,", "\"x\",", "\"\\u0001\",", "1e9,"})
  void aDataSetOfManyNodesDoesNotFillTheHeap(String node) {
    endless(JSON, "[{\"00100020\":{\"vr\":\"LO\",\"Value\":[", node);
    assertNamed("one data set has more than ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "[{\"00280010\":{\"vr\":\"US\",\"Value\":[1e999999999]}}]",
        "[{\"00280010\":{\"vr\":\"US\",\"Value\":[70000]}}]",
        "[{\"nonsense\":{\"vr\":\"US\"}}]",
        "[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"\u00ff\"]}}]",
        "[1]",
        "{}",
        "\u0000\u0000\u0000["
      })
  void whatIsNoDicomJsonIsNamed(String body) {
    server.then(200, JSON, body);
    assertNamed("the answer is ");
  }

  @Test
  void deepJsonIsNamed() {
    server.then(200, JSON, "[".repeat(100_000));
    assertNamed("an array of objects");
    String item = "{\"0040A730\":{\"vr\":\"SQ\",\"Value\":[";
    server.then(200, JSON, "[" + item.repeat(900) + "]}}".repeat(900) + "]");
    assertNamed("is no DICOM JSON");
    server.then(200, JSON, "[" + item.repeat(5000));
    assertNamed("is no DICOM JSON");
  }

  @Test
  void longTextsOfAServiceAreCutOff() {
    server.then(
        200,
        JSON,
        "[{\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"http://[" + "x".repeat(100_000) + "\"}}]");
    assertNamed("the BulkDataURI of 7FE00010 is no address");
    for (int i = 0; i < 6; i++) {
      server.then(302, "text/plain", "", "Location", "/again?PatientName=" + "x".repeat(10_000));
    }
    assertNamed("redirected 6 times, at last to '/again'");
  }

  @Test
  void matchesHoldNoControlCharacters() {
    server.then(
        200, JSON, "[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"a\u00c2\u009b2J\u007f\"]}}]");
    assertThat(find(peer(), 1).get(0).json())
        .isEqualTo("{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"a\\u009b2J\\u007f\"]}}");
  }

  @Test
  void aBodyThatDripsEndsTheWait() {
    server.then(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", JSON);
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          while (true) { // until the client hangs up
            out.write(' ');
            out.flush();
            pause(20);
          }
        });
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(
            () ->
                find(
                    new WebPeer(
                        server.base(),
                        Optional.empty(),
                        Optional.empty(),
                        WebLimits.DEFAULT.with(Duration.ofMillis(500), 1)),
                    0))
        .withMessageContaining("less than 1 KiB a second of the answer came for 0.5 s");
  }

  private static void pause(long millis) throws IOException {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      throw Interruption.of(e);
    }
  }

  @Test
  void endlessPartsAndPreamblesAreNamed() {
    String type = "multipart/related; boundary=x";
    endless(type, "", "y");
    assertRetrievalNamed("no boundary 'x' within the first 65536 bytes");
    endless(type, "--x\r\n", "a:b\r\n");
    assertRetrievalNamed("the header a twice");
    endless(type, "--x\r\n\r\n", "\r\n--x\r\n\r\n");
    assertRetrievalNamed("no sound DICOM object came");
    endless("multipart/related; boundary=" + "x".repeat(71), "", "y");
    assertRetrievalNamed("expected 1 to 70 characters");
  }

  private void assertRetrievalNamed(String message) {
    Path out = folder.resolve("out");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.retrieve(peer(), STUDY, out))
        .withMessageContaining(message);
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void anObjectIsNoLongerThanTheLimit() {
    WebLimits usual = WebLimits.DEFAULT;
    WebLimits limits =
        new WebLimits(usual.connect(), usual.response(), usual.stall(), 1, 1 << 20, 10, 2, 100_000);
    WebPeer peer = new WebPeer(server.base(), Optional.empty(), Optional.empty(), limits);
    Path out = folder.resolve("out");
    endless("multipart/related; boundary=x", "--x\r\n\r\n", "y");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.retrieve(peer, STUDY, out))
        .withMessageContaining("part 1 has more than 1048576 bytes");
    endless("application/dicom", "", "y");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.retrieve(peer, STUDY, out))
        .withMessageContaining("the answer has more than 1048576 bytes");
    assertThat(out).isEmptyDirectory();
  }

  @Test
  void compressedAnswersAreRefusedAndNotOpened() throws Exception {
    ByteArrayOutputStream bomb = new ByteArrayOutputStream();
    try (OutputStream out = new GZIPOutputStream(bomb)) {
      Instances.zeros(out, 64 << 20);
    }
    String bytes = bomb.toString(StandardCharsets.ISO_8859_1);
    server.then(200, "multipart/related; boundary=x", bytes, "Content-Encoding", "gzip");
    assertRetrievalNamed("no Content-Encoding, but it has 'gzip'");
    server.then(404, "text/plain", bytes, "Content-Encoding", "gzip");
    assertNamed("HTTP status 404. Check");
    server.then(200, JSON, bytes, "Content-Encoding", "gzip");
    Path file = Instances.write(Instances.frames(1, 1), folder.resolve("f"));
    List<WebStoreOutcome> outcomes = new ArrayList<>();
    web.store(peer(), List.of(file), outcomes::add);
    assertThat(outcomes.get(0).stored()).isFalse();
    assertThat(outcomes.get(0).problem()).contains("no Content-Encoding, but it has 'gzip'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../evil", "..", "/etc/x", "..\\..\\3", ".1", "a", "1.2/../x", "1:x"})
  void aUidThatIsNoneNamesNoFile(String uid) throws Exception {
    Path file = Instances.write(Instances.frames(1, 1), folder.resolve("evil"));
    String padded = uid + "\u0000".repeat(Instances.uid(1).length() - uid.length());
    String bytes =
        new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
            .replace(Instances.uid(1), padded);
    server.then(200, "multipart/related; boundary=x", "--x\r\n\r\n" + bytes + "\r\n--x--");
    assertRetrievalNamed("which was not asked for");
  }

  @Test
  void aPageThatAsksToLogInIsNoFrameAndNoBulkData() {
    Path out = folder.resolve("out");
    server
        .then(200, "text/html", "<html>")
        .then(
            200, "multipart/related; boundary=x", "--x\r\nContent-Type: text/html\r\n\r\n\r\n--x--")
        .then(200, "text/html", "<html>");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.frames(peer(), INSTANCE, List.of(1), out))
        .withMessageContaining("the answer is text/html, expected application/octet-stream");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.frames(peer(), INSTANCE, List.of(1), out))
        .withMessageContaining("part 1 is text/html, expected application/octet-stream");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.bulkData(peer(), URI.create("bulk"), out.resolve("bulk")))
        .withMessageContaining("the answer is text/html");
    assertThat(out).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://127.0.0.1:99999/x",
        "http://127.0.0.1:0/x",
        "file:///etc/passwd",
        "//",
        "http://",
        "http:x",
        "http://a_b/",
        "gopher://h/",
        "\\",
        "http://u:p@[::g]/"
      })
  void aRedirectionToNowhereIsNamed(String location) {
    for (int attempt = 0; attempt < 4; attempt++) {
      server.then(302, "text/plain", "", "Location", location);
    }
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), 0))
        .withMessageMatching("(?s).+: .+\\. .+\\.");
  }

  @Test
  void aTokenEndpointThatRepeatsWhatItGotGivesNothingAway() {
    server.then(
        exchange -> {
          byte[] echo =
              (exchange.getRequestHeaders().getFirst("Authorization") + " s&cret s%26cret")
                  .getBytes(StandardCharsets.US_ASCII);
          exchange.getResponseHeaders().add("Content-Type", "text/plain");
          exchange.sendResponseHeaders(400, echo.length);
          exchange.getResponseBody().write(echo);
        });
    ClientCredentials credentials =
        new ClientCredentials(server.base().resolve("/token"), "me", "s&cret", "");
    WebPeer peer =
        new WebPeer(server.base(), Optional.of(credentials), Optional.empty(), WebLimits.DEFAULT);
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer, 0))
        .withMessageContaining("HTTP status 400: Basic *** *** ***.");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 999 x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffff\r\n",
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n",
        "HTTP/1.1 101 Switching\r\nUpgrade: h2c\r\n\r\n",
        "HTTP/1.1 401 x\r\nWWW-Authenticate: \u0001\r\n\r\n",
        "HTTP/1.1 407 x\r\nContent-Length: 0\r\n\r\n"
      })
  void aHeadThatBreaksTheRulesIsNamed(String head) throws Exception {
    assertRawNamed(out -> out.write(head.getBytes(StandardCharsets.ISO_8859_1)));
  }

  @Test
  void anEndlessHeadIsNamed() throws Exception {
    assertRawNamed(
        out -> {
          out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
          repeat(out, "a: b\r\n");
        });
    assertRawNamed(
        out -> {
          out.write("HTTP/1.1 200 OK\r\na: ".getBytes(StandardCharsets.US_ASCII));
          repeat(out, "b");
        });
    assertRawNamed(out -> repeat(out, "H"));
  }

  /** Writes what a service says. */
  @FunctionalInterface
  private interface Speaker {
    void speak(OutputStream out) throws IOException;
  }

  private void assertRawNamed(Speaker speaker) throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      Thread thread = new Thread(() -> serve(listener, speaker));
      thread.setDaemon(true);
      thread.start();
      URI base = URI.create("http://127.0.0.1:" + listener.getLocalPort());
      assertThatExceptionOfType(NetworkException.class)
          .isThrownBy(() -> find(peer(base), 0))
          .withMessageMatching("(?s)" + base + "/studies: .+\\. .+\\.");
    }
  }

  private static void serve(ServerSocket listener, Speaker speaker) {
    while (!listener.isClosed()) {
      try (Socket socket = listener.accept()) {
        socket.setSoTimeout(1000);
        socket.getInputStream().read(new byte[4096]);
        speaker.speak(socket.getOutputStream());
      } catch (IOException e) {
        System.out.println("the client hung up: " + e.getMessage());
      }
    }
  }
}
