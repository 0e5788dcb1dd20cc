package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResultWriter.Format;
import org.llavamed.annotation.ResultWriter.ResultFile;

/** A real archive on the loopback interface. */
final class OrthancTest {
  private static final Path ORTHANC = Path.of("/usr/sbin/Orthanc");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper mapper = new ObjectMapper();

  @Test
  void takesEveryObjectAndGivesItBackBitForBit() throws Exception {
    Tool.skipUnless(
        Files.isExecutable(ORTHANC),
        ORTHANC + " is missing (Debian package orthanc): the round trip is left out");
    List<ResultFile> files =
        Sources.writer()
            .write(
                Sources.annotation(),
                EnumSet.complementOf(EnumSet.of(Format.JSON)),
                folder.resolve("out"))
            .files();
    int port = freePort();
    Process orthanc = start(port);
    try {
      URI root = URI.create("http://127.0.0.1:" + port);
      await(root, orthanc);
      for (ResultFile file : files) {
        byte[] bytes = Files.readAllBytes(file.file());
        HttpResponse<String> taken =
            http.send(
                HttpRequest.newBuilder(root.resolve("/instances"))
                    .POST(BodyPublishers.ofByteArray(bytes))
                    .build(),
                BodyHandlers.ofString());
        assertThat(taken.statusCode()).isEqualTo(200);
        JsonNode answer = mapper.readTree(taken.body());
        URI stored = root.resolve("/instances/" + answer.get("ID").asText() + "/file");

        assertThat(
                http.send(HttpRequest.newBuilder(stored).build(), BodyHandlers.ofByteArray())
                    .body())
            .isEqualTo(bytes);
      }
    } finally {
      orthanc.destroy();
      orthanc.waitFor();
    }
  }

  private Process start(int port) throws IOException {
    Path database = Files.createDirectory(folder.resolve("database"));
    Path configuration = folder.resolve("orthanc.json");
    mapper.writeValue(
        configuration.toFile(),
        Map.of(
            "StorageDirectory",
            database.toString(),
            "IndexDirectory",
            database.toString(),
            "HttpPort",
            port,
            "HttpBindAddresses",
            List.of("127.0.0.1"),
            "RemoteAccessAllowed",
            false,
            "AuthenticationEnabled",
            false,
            "DicomServerEnabled",
            false));
    return new ProcessBuilder(ORTHANC.toString(), configuration.toString())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("orthanc.log").toFile())
        .start();
  }

  private void await(URI root, Process orthanc) throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(root.resolve("/system")).build();
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end) && orthanc.isAlive()) {
      try {
        if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (ConnectException e) {
        assertThat(orthanc.isAlive()).as("Orthanc ended: %s", e).isTrue();
      }
      Thread.sleep(100);
    }
    throw new AssertionError(
        "Orthanc does not answer: " + Files.readString(folder.resolve("orthanc.log")));
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
