package org.llavamed.dicomweb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.RandomAccessFile;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebCredentials;
import org.llavamed.network.WebDataSet;
import org.llavamed.network.WebLimits;
import org.llavamed.network.WebPeer;
import org.llavamed.network.WebQuery;
import org.llavamed.network.WebResource;
import org.llavamed.network.WebStoreOutcome;
import org.llavamed.network.WebStoreOutcome.Result;

/** The client before a service that does what no good service does. */
class HttpDicomWebTest {
  private static final String JSON = "application/dicom+json";
  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
  private static final WebResource STUDY =
      new WebResource(Instances.STUDY, Optional.empty(), Optional.empty());
  private static final String MATCH = "[{\"00100020\":{\"vr\":\"LO\",\"Value\":[\"P%d\"]}}]";

  @TempDir Path folder;
  private final List<Duration> pauses = Collections.synchronizedList(new ArrayList<>());
  private final HttpDicomWeb web = new HttpDicomWeb(new Pauses(() -> NOW, () -> 0, pauses::add));
  private FakeServer server;

  @BeforeEach
  void start() throws IOException {
    server = new FakeServer();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private WebPeer peer() {
    return WebPeer.of(server.base());
  }

  private WebPeer peer(WebCredentials credentials) {
    return new WebPeer(
        server.base(), Optional.of(credentials), Optional.empty(), WebLimits.DEFAULT);
  }

  private List<String> find(WebPeer peer, WebQuery query) {
    List<String> found = new ArrayList<>();
    web.find(peer, query, match -> found.add(match.attributes().string(0x00100020).orElse("")));
    return found;
  }

  private static WebQuery all() {
    return WebQuery.of(WebQuery.Level.STUDY, Map.of());
  }

  @Test
  void aSearchIsRepeatedAsTheServiceAsks() {
    server
        .then(503, "text/plain", "busy", "Retry-After", "7")
        .then(429, "text/plain", "", "Retry-After", "Thu, 01 Jan 2026 00:00:09 GMT")
        .then(502, "text/plain", "")
        .then(200, JSON, MATCH.formatted(1));
    assertThat(find(peer(), all())).containsExactly("P1");
    assertThat(pauses)
        .containsExactly(Duration.ofSeconds(7), Duration.ofSeconds(9), Duration.ofSeconds(2));
  }

  @Test
  void aServiceThatAsksForALongPauseIsNamed() {
    server.then(503, "text/plain", "down", "Retry-After", "3600");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), all()))
        .withMessageContaining("HTTP status 503: down, and asks to wait 3600 s");
    assertThat(pauses).isEmpty();
  }

  @Test
  void aRefusalIsNotRepeated() {
    server.then(404, "text/plain", "nothing\nhere");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), all()))
        .withMessage(
            server.base()
                + "/studies: HTTP status 404: nothing here. Check the address and the UIDs.");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void aSearchHasItsParametersByKeywordAndTheStudyInThePath() {
    server.then(204, JSON, "");
    web.find(
        peer(),
        new WebQuery(
            WebQuery.Level.SERIES,
            Map.of("StudyInstanceUID", "1.2"),
            List.of("0008103e", "all"),
            true,
            3,
            4),
        match -> {});
    server.then(204, JSON, "");
    find(peer(), WebQuery.of(WebQuery.Level.STUDY, Map.of("00100010", "M\u00fcller^J*&")));
    assertThat(server.requests)
        .containsExactly(
            "GET /dicom-web/studies/1.2/series?includefield=SeriesDescription&includefield=all"
                + "&fuzzymatching=true&limit=3&offset=4",
            "GET /dicom-web/studies?PatientName=M%C3%BCller%5EJ%2A%26&limit=500&offset=0"
                .replace("%2A", "*"));
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), WebQuery.of(WebQuery.Level.STUDY, Map.of("PatientNam", ""))))
        .withMessageContaining("'PatientNam' is neither a keyword of PS3.6");
  }

  @Test
  void aSearchGoesOnWhileTheServiceSaysThatItHasMore() {
    String warning = "299 x \"there are more\"";
    server
        .then(200, JSON, MATCH.formatted(1), "Warning", warning)
        .then(200, JSON, MATCH.formatted(2), "Warning", warning)
        .then(204, JSON, "");
    assertThat(find(peer(), all())).containsExactly("P1", "P2");
    assertThat(server.requests.get(2)).endsWith("&offset=2".substring(1));
  }

  @Test
  void aServiceThatGivesTheSamePageAgainIsNamed() {
    String warning = "299 x \"there are more\"";
    server
        .then(200, JSON, MATCH.formatted(1), "Warning", warning)
        .then(200, JSON, MATCH.formatted(1), "Warning", warning);
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), all()))
        .withMessageContaining("it does not know 'offset'");
  }

  @Test
  void answersOfAnotherKindAreNamed() {
    server.then(200, "text/html", "<html>");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), all()))
        .withMessageContaining("the answer is text/html, expected application/dicom+json");
    server.then(200, "application/dicom+xml", "<a/>");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), all()))
        .withMessageContaining("application/dicom+xml, which is not supported");
    server.then(200, JSON, "[{\"00100020\":");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), all()))
        .withMessageContaining("is no DICOM JSON");
    server.then(200, JSON, "[]", "Content-Encoding", "gzip");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), all()))
        .withMessageContaining("no Content-Encoding");
  }

  @Test
  void metadataTellsWhereBulkDataIs() {
    server.then(
        200,
        JSON,
        "[{\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"../bulk/1\"},\"54000100\":{\"vr\":\"SQ\","
            + "\"Value\":[{\"54001010\":{\"vr\":\"OW\",\"BulkDataURI\":\"http://h/2\"}}]}}]");
    List<WebDataSet> sets = new ArrayList<>();
    web.metadata(peer(), STUDY, sets::add);
    assertThat(sets.get(0).bulkData())
        .containsExactly(
            Map.entry("7FE00010", server.base().resolve("/dicom-web/studies/bulk/1")),
            Map.entry("54000100/0/54001010", URI.create("http://h/2")));
    assertThat(sets.get(0).attributes().bytes(0x7FE00010).remaining()).isZero();
  }

  @Test
  void aStalledBodyEndsTheWait() {
    CountDownLatch end = new CountDownLatch(1);
    server.then(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", JSON);
          exchange.sendResponseHeaders(200, 1000);
          exchange.getResponseBody().write("[ ".getBytes(StandardCharsets.US_ASCII));
          exchange.getResponseBody().flush();
          await(end);
        });
    WebPeer hasty = hasty(Duration.ofMillis(300));
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(hasty, all()))
        .withMessageContaining("less than 1 KiB a second of the answer came for 0.3 s");
    end.countDown();
  }

  @Test
  void aServiceThatDoesNotAnswerEndsTheWait() {
    CountDownLatch end = new CountDownLatch(1);
    server.then(exchange -> await(end));
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(hasty(Duration.ofMillis(300)), all()))
        .withMessageContaining("no answer within 0.3 s");
    end.countDown();
  }

  private WebPeer hasty(Duration patience) {
    return new WebPeer(
        server.base(), Optional.empty(), Optional.empty(), WebLimits.DEFAULT.with(patience, 1));
  }

  private static void await(CountDownLatch end) {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void aTruncatedMultipartIsFetchedAgainAndLeavesNoPart() throws Exception {
    String one = multipart(1);
    String type = "multipart/related; type=\"application/dicom\"; boundary=x";
    server.then(200, type, one.substring(0, one.length() - 300)).then(200, type, one);
    Path out = folder.resolve("out");
    assertThat(web.retrieve(peer(), STUDY, out).files())
        .containsExactly(out.resolve(Instances.uid(1) + ".dcm"));
    try (var files = Files.list(out)) {
      assertThat(files).hasSize(1);
    }
    assertThat(pauses).hasSize(1);
  }

  private String multipart(int number) throws IOException {
    Path file = Instances.write(Instances.frames(number, 1), folder.resolve("i" + number));
    String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
    return "--x\r\nContent-Type: application/dicom\r\n\r\n" + bytes + "\r\n--x--\r\n";
  }

  @Test
  void anObjectThatWasNotAskedForIsNamedAndNotKept() throws Exception {
    server.then(200, "multipart/related; boundary=x", multipart(1));
    Path out = folder.resolve("out");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(
            () ->
                web.retrieve(
                    peer(), WebResource.instance(Instances.STUDY, Instances.SERIES, "1.9"), out))
        .withMessageContaining("which was not asked for");
    try (var files = Files.list(out)) {
      assertThat(files).isEmpty();
    }
  }

  @Test
  void whatIsNoDicomIsNamedWithItsPart() {
    server.then(
        200,
        "multipart/related; boundary=x",
        "--x\r\nContent-Type: application/dicom\r\n\r\nnonsense\r\n--x--");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.retrieve(peer(), STUDY, folder.resolve("out")))
        .withMessageContaining(", part 1: no sound DICOM object came");
  }

  @Test
  void anIncompleteRetrievalSaysSo() throws Exception {
    server.then(206, "multipart/related; boundary=x", multipart(1));
    assertThat(web.retrieve(peer(), STUDY, folder.resolve("out")).problem()).contains("206");
  }

  @Test
  void anObjectLargerThanTheHeapIsReceivedThroughASmallBuffer() throws Exception {
    long pixels = moreThanTheHeap();
    byte[] start = Instances.start(folder, pixels);
    server.then(
        exchange -> {
          exchange.getResponseHeaders().add("Content-Type", "multipart/related; boundary=x");
          exchange.sendResponseHeaders(200, 0);
          OutputStream out = exchange.getResponseBody();
          out.write("--x\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          out.write(start);
          Instances.zeros(out, pixels);
          out.write("\r\n--x--".getBytes(StandardCharsets.US_ASCII));
        });
    Path file = web.retrieve(peer(), STUDY, folder.resolve("out")).files().get(0);
    assertThat(Files.size(file)).isEqualTo(start.length + pixels);
  }

  @Test
  void anObjectLargerThanTheHeapIsStoredThroughASmallBuffer() throws Exception {
    long pixels = moreThanTheHeap();
    byte[] start = Instances.start(folder, pixels);
    Path file = Files.write(folder.resolve("large"), start);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(start.length + pixels);
    }
    long[] received = {0, 0};
    server.then(
        exchange -> {
          InputStream body = exchange.getRequestBody();
          byte[] piece = new byte[1 << 16];
          for (int count = body.read(piece); count >= 0; count = body.read(piece)) {
            received[0] += count;
          }
          received[1] = Long.parseLong(exchange.getRequestHeaders().getFirst("Content-Length"));
          byte[] answer = ("{" + stored(item(1, "", 0)) + "}").getBytes(StandardCharsets.US_ASCII);
          exchange.getResponseHeaders().add("Content-Type", JSON);
          exchange.sendResponseHeaders(200, answer.length);
          exchange.getResponseBody().write(answer);
        });
    List<WebStoreOutcome> outcomes = new ArrayList<>();
    web.store(peer(), List.of(file), outcomes::add);

    assertThat(outcomes).extracting(WebStoreOutcome::result).containsExactly(Result.STORED);
    assertThat(received[0]).isEqualTo(received[1]).isGreaterThan(start.length + pixels);
  }

  private static long moreThanTheHeap() {
    long most = Runtime.getRuntime().maxMemory();
    assertThat(most).as("heap, which -Xmx of this module keeps small").isLessThan(1L << 30);
    return most * 5 / 4 / 2 * 2;
  }

  @Test
  void aRenderedPictureIsKeptByItsKind() throws Exception {
    WebResource instance =
        WebResource.instance(Instances.STUDY, Instances.SERIES, Instances.uid(1));
    server.then(200, "image/png", "PNG").then(200, "image/jpeg", "JPG");
    Path png = web.rendered(peer(), instance, 0, folder).file();
    assertThat(png).isEqualTo(folder.resolve(Instances.uid(1) + ".png")).hasContent("PNG");
    Path jpeg = web.rendered(peer(), instance, 2, folder).file();
    assertThat(jpeg).isEqualTo(folder.resolve(Instances.uid(1) + ".2.jpg")).hasContent("JPG");
    assertThat(server.requests.get(1))
        .endsWith("/instances/" + Instances.uid(1) + "/frames/2/rendered");
    server.then(200, "text/html", "<html>");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.rendered(peer(), instance, 0, folder))
        .withMessageContaining("expected image/png or image/jpeg");
  }

  @Test
  void basicCredentialsAreSentAndAreInNoMessage() {
    server.then(401, "text/plain", "no: geheim dTpnZWhlaW0=");
    WebCredentials credentials = new WebCredentials.Basic("u", "geheim");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(credentials), all()))
        .withMessageContaining("HTTP status 401: no: *** ***. Check the credentials.");
    assertThat(server.requests).allMatch(request -> request.endsWith(" Basic dTpnZWhlaW0="));
    assertThat(credentials.toString() + peer(credentials)).doesNotContain("geheim");
  }

  @Test
  void aRefusedTokenIsFetchedAnewOnce() {
    WebCredentials credentials =
        new WebCredentials.ClientCredentials(
            server.base().resolve("/token"), "me", "s&cret", "dicom read");
    server
        .then(200, "application/json", token("t1"))
        .then(401, "text/plain", "")
        .then(200, "application/json", token("t2"))
        .then(200, JSON, MATCH.formatted(1))
        .then(200, JSON, MATCH.formatted(2));
    assertThat(find(peer(credentials), all())).containsExactly("P1");
    assertThat(find(peer(credentials), all())).containsExactly("P2");
    String studies = "GET /dicom-web/studies?limit=500&offset=0 Bearer ";
    String endpoint = "POST /token Basic bWU6cyUyNmNyZXQ=";
    assertThat(server.requests)
        .containsExactly(endpoint, studies + "t1", endpoint, studies + "t2", studies + "t2");
    server
        .then(401, "text/plain", "")
        .then(200, "application/json", token("t3"))
        .then(401, "text/plain", "");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(credentials), all()))
        .withMessageContaining("HTTP status 401");
  }

  private static String token(String text) {
    return "{\"access_token\":\"%s\",\"token_type\":\"Bearer\",\"expires_in\":60}".formatted(text);
  }

  @Test
  void aTokenEndpointThatGivesNoneIsNamedWithoutTheSecret() {
    server.then(200, "application/json", "{\"error\":\"s3cret\"}");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(
            () ->
                find(
                    peer(
                        new WebCredentials.ClientCredentials(
                            server.base().resolve("/token"), "me", "s3cret", "")),
                    all()))
        .withMessageContaining("expected a JSON object with access_token")
        .withMessageNotContaining("s3cret");
  }

  @Test
  void credentialsDoNotGoInTheClearNorToAnotherOrigin() throws Exception {
    WebCredentials token = new WebCredentials.Bearer("abc");
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(
            () ->
                find(
                    new WebPeer(
                        URI.create("http://pacs.example/x"),
                        Optional.of(token),
                        Optional.empty(),
                        WebLimits.DEFAULT),
                    all()))
        .withMessage(
            "http://pacs.example:80: credentials would go over the network in the clear. Use"
                + " https.");
    try (FakeServer other = new FakeServer()) {
      String there = other.base() + "/studies";
      server.then(302, "text/plain", "", "Location", there);
      assertThatExceptionOfType(NetworkException.class)
          .isThrownBy(() -> find(peer(token), all()))
          .withMessageContaining("leads to " + there + ", which must not get the credentials");
      assertThat(other.requests).isEmpty();
      server.then(302, "text/plain", "", "Location", there);
      other.then(200, JSON, MATCH.formatted(3));
      assertThat(find(peer(), all())).containsExactly("P3");
    }
    server.then(307, "text/plain", "", "Location", "/there").then(200, JSON, MATCH.formatted(4));
    assertThat(find(peer(token), all())).containsExactly("P4");
    assertThat(server.requests.get(server.requests.size() - 1)).isEqualTo("GET /there Bearer abc");
  }

  @Test
  void endlessRedirectsAreNamed() {
    for (int i = 0; i < 6; i++) {
      server.then(302, "text/plain", "", "Location", "/again");
    }
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer(), all()))
        .withMessageContaining("redirected 6 times");
  }

  private List<WebStoreOutcome> store(WebPeer peer, int... numbers) {
    List<Path> files = new ArrayList<>();
    for (int number : numbers) {
      files.add(Instances.write(Instances.frames(number, 1), folder.resolve("f" + number)));
    }
    List<WebStoreOutcome> outcomes = new ArrayList<>();
    web.store(peer, files, outcomes::add);
    return outcomes;
  }

  private static String item(int number, String tag, int reason) {
    return "{\"00081155\":{\"vr\":\"UI\",\"Value\":[\"%s\"]}%s}"
        .formatted(
            Instances.uid(number),
            tag.isEmpty() ? "" : ",\"%s\":{\"vr\":\"US\",\"Value\":[%d]}".formatted(tag, reason));
  }

  private static String stored(String... items) {
    return "\"00081199\":{\"vr\":\"SQ\",\"Value\":[" + String.join(",", items) + "]}";
  }

  @Test
  void eachInstanceHasItsOwnOutcome() {
    String failed = "\"00081198\":{\"vr\":\"SQ\",\"Value\":[" + item(3, "00081197", 0xC122) + "]}";
    server.then(
        202, JSON, "{" + stored(item(1, "", 0), item(2, "00081196", 0xB000)) + "," + failed + "}");
    List<WebStoreOutcome> outcomes = store(peer(), 1, 2, 3, 4);
    assertThat(outcomes)
        .extracting(WebStoreOutcome::result)
        .containsExactly(Result.STORED, Result.WARNING, Result.FAILED, Result.FAILED);
    assertThat(outcomes)
        .extracting(WebStoreOutcome::problem)
        .containsExactly(
            "",
            folder.resolve("f2") + ": stored, but data elements were changed (B000).",
            folder.resolve("f3") + ": refused: the transfer syntax is not supported (C122).",
            folder.resolve("f4")
                + ": HTTP status 202, and the answer does not mention the instance.");
  }

  @Test
  void aStoreIsRepeatedOnlyWhereNothingIsStored() {
    server
        .then(503, "text/plain", "", "Retry-After", "1")
        .then(503, JSON, "{" + stored(item(1, "", 0)) + "}", "Retry-After", "1");
    List<WebStoreOutcome> outcomes = store(peer(), 1, 2);
    assertThat(outcomes)
        .extracting(WebStoreOutcome::result)
        .containsExactly(Result.STORED, Result.FAILED);
    assertThat(pauses).containsExactly(Duration.ofSeconds(1));

    server.then(
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          exchange.close();
        });
    assertThat(store(peer(), 1).get(0).problem())
        .contains("It may be stored; look before you send it again.");
    server.then(500, "text/plain", "broken");
    assertThat(store(peer(), 1).get(0).problem()).endsWith(": HTTP status 500: broken.");
    server.then(200, "application/dicom+xml", "<a/>");
    assertThat(store(peer(), 1).get(0).problem())
        .contains("application/dicom+xml, which is not supported");
    assertThat(server.requests).hasSize(5);
  }

  @Test
  void aStoreIsRepeatedWhereNoConnectionIsMade() {
    server.close();
    assertThat(store(peer(), 1).get(0).problem())
        .contains(": no connection, in 4 attempts. Check the address and the network.");
    assertThat(pauses).hasSize(3);
  }

  @Test
  void aStoreIsSplitAtItsLimits() {
    WebLimits usual = WebLimits.DEFAULT;
    WebLimits limits =
        new WebLimits(usual.connect(), usual.response(), usual.stall(), 1, 1 << 20, 10, 2, 100_000);
    WebPeer peer = new WebPeer(server.base(), Optional.empty(), Optional.empty(), limits);
    server
        .then(200, JSON, "{" + stored(item(1, "", 0), item(2, "", 0)) + "}")
        .then(200, JSON, "{" + stored(item(3, "", 0)) + "}")
        .then(200, JSON, "{" + stored(item(3, "", 0)) + "}");
    assertThat(store(peer, 1, 2, 3, 3)).allMatch(WebStoreOutcome::stored).hasSize(4);
  }

  @Test
  void aStoreThatIsTooLargeForTheServiceIsSentInHalves() {
    server
        .then(413, "text/html", "<html>")
        .then(413, "text/html", "<html>")
        .then(413, "text/plain", "1 is too large")
        .then(200, JSON, "{" + stored(item(2, "", 0)) + "}")
        .then(200, JSON, "{" + stored(item(3, "", 0), item(4, "", 0)) + "}");
    List<WebStoreOutcome> outcomes = store(peer(), 1, 2, 3, 4);
    assertThat(outcomes)
        .extracting(WebStoreOutcome::result)
        .containsExactly(Result.FAILED, Result.STORED, Result.STORED, Result.STORED);
    assertThat(outcomes.get(0).problem()).endsWith(": HTTP status 413: 1 is too large.");
    assertThat(pauses).isEmpty();
  }

  @Test
  void whatFollowsAStoreThatWasTooLargeIsSentInSmallerRequests() {
    WebLimits usual = WebLimits.DEFAULT;
    WebLimits limits =
        new WebLimits(usual.connect(), usual.response(), usual.stall(), 1, 1 << 20, 10, 2, 100_000);
    server
        .then(413, "text/html", "<html>")
        .then(200, JSON, "{" + stored(item(1, "", 0)) + "}")
        .then(200, JSON, "{" + stored(item(2, "", 0)) + "}")
        .then(200, JSON, "{" + stored(item(3, "", 0)) + "}")
        .then(200, JSON, "{" + stored(item(4, "", 0)) + "}");
    WebPeer peer = new WebPeer(server.base(), Optional.empty(), Optional.empty(), limits);
    assertThat(store(peer, 1, 2, 3, 4)).allMatch(WebStoreOutcome::stored).hasSize(4);
    assertThat(server.requests).hasSize(5);
  }

  @Test
  void aStoreThatIsTooLargeIsNotRepeatedWhereSomethingIsStored() {
    server.then(413, JSON, "{" + stored(item(1, "", 0)) + "}");
    assertThat(store(peer(), 1, 2))
        .extracting(WebStoreOutcome::result)
        .containsExactly(Result.STORED, Result.FAILED);
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void aFileThatIsGoneWhenItsTurnComesIsNamedAndNothingIsSent() {
    WebLimits usual = WebLimits.DEFAULT;
    WebLimits limits =
        new WebLimits(usual.connect(), usual.response(), usual.stall(), 1, 1 << 20, 10, 1, 100_000);
    WebPeer peer = new WebPeer(server.base(), Optional.empty(), Optional.empty(), limits);
    Path second = Instances.write(Instances.frames(2, 1), folder.resolve("f2"));
    server.then(
        exchange -> {
          exchange.getRequestBody().readAllBytes();
          Files.delete(second);
          exchange.sendResponseHeaders(500, -1);
        });
    List<WebStoreOutcome> outcomes = new ArrayList<>();
    Path first = Instances.write(Instances.frames(1, 1), folder.resolve("f1"));
    web.store(peer, List.of(first, second), outcomes::add);
    assertThat(outcomes.get(1).problem())
        .isEqualTo(
            "%s: nothing was sent: there is no such file. Check the path.".formatted(second));
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void aFileThatGoesWhileTheRequestIsSentEndsIt() {
    DataSet large = Instances.frames(1, 1).putBytes(Tag.PixelData, Vr.OB, new byte[16 << 20]);
    Path first = Instances.write(large, folder.resolve("f1"));
    Path second = Instances.write(Instances.frames(2, 1), folder.resolve("f2"));
    server.then(
        exchange -> {
          Files.delete(second);
          exchange.getRequestBody().readAllBytes();
        });
    List<WebStoreOutcome> outcomes = new ArrayList<>();
    web.store(hasty(Duration.ofSeconds(2)), List.of(first, second), outcomes::add);
    assertThat(outcomes).hasSize(2).noneMatch(WebStoreOutcome::stored);
    assertThat(outcomes.get(0).problem())
        .contains("NoSuchFileException: " + second)
        .contains("It may be stored; look before");
  }

  @Test
  void aHostThatIsNotKnownIsNamed() {
    WebPeer peer =
        new WebPeer(
            URI.create("http://nowhere.invalid/"),
            Optional.empty(),
            Optional.empty(),
            WebLimits.DEFAULT.with(Duration.ofSeconds(20), 1));
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> find(peer, all()))
        .withMessage(
            "http://nowhere.invalid/studies: no host of this name is known. Check the address and"
                + " the network.");
  }

  @Test
  void aFileThatIsNoDicomIsNamedAndTheOthersAreSent() throws Exception {
    Path bad = Files.writeString(folder.resolve("bad"), "nonsense");
    Path good = Instances.write(Instances.frames(1, 1), folder.resolve("good"));
    server.then(200, JSON, "{" + stored(item(1, "", 0)) + "}");
    List<WebStoreOutcome> outcomes = new ArrayList<>();
    web.store(peer(), List.of(bad, good), outcomes::add);
    assertThat(outcomes)
        .extracting(WebStoreOutcome::result)
        .containsExactly(Result.FAILED, Result.STORED);
    assertThat(outcomes.get(0).problem()).startsWith(bad + ": ");
  }
}
