package org.llavamed.distribution;

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
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Debian's Orthanc with its DICOMweb plug-in, on a loopback port, until it is closed. */
final class Archive implements AutoCloseable {
  private static final Path ORTHANC = Path.of("/usr/sbin/Orthanc");
  private static final Path DICOMWEB = Path.of("/usr/share/orthanc/plugins/libOrthancDicomWeb.so");
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpClient http = HttpClient.newHttpClient();
  private final Process process;
  private final URI root;

  private Archive(Process process, URI root) {
    this.process = process;
    this.root = root;
  }

  /** Skips the test, visibly, where it is not installed. */
  static void requireInstalled() {
    Npm.skipUnless(
        Files.isExecutable(ORTHANC) && Files.exists(DICOMWEB),
        "Orthanc is not installed (Debian packages orthanc and orthanc-dicomweb)");
  }

  /**
   * Starts it.
   *
   * @param folder for its database and its log
   * @param front the port that clients talk to, which addresses in its answers name
   */
  static Archive start(Path folder, int front) throws IOException, InterruptedException {
    int port = freePort();
    Path database = Files.createDirectories(folder.resolve("database"));
    Path configuration = folder.resolve("orthanc.json");
    JSON.writeValue(
        configuration.toFile(),
        Map.ofEntries(
            Map.entry("StorageDirectory", database.toString()),
            Map.entry("IndexDirectory", database.toString()),
            Map.entry("Plugins", List.of(DICOMWEB.toString())),
            Map.entry("HttpPort", port),
            Map.entry("HttpBindAddresses", List.of("127.0.0.1")),
            // Else a connection may be closed just when the next request is sent on it.
            Map.entry("KeepAlive", false),
            Map.entry("RemoteAccessAllowed", false),
            Map.entry("AuthenticationEnabled", false),
            Map.entry("DicomServerEnabled", false),
            Map.entry(
                "DicomWeb",
                Map.of(
                    "Enable",
                    true,
                    "Root",
                    "/dicom-web/",
                    "EnableWado",
                    true,
                    "WadoRoot",
                    "/wado",
                    "Host",
                    "127.0.0.1:" + front,
                    "Ssl",
                    false,
                    "StudiesMetadata",
                    "Full",
                    "SeriesMetadata",
                    "Full"))));
    Process process =
        new ProcessBuilder(ORTHANC.toString(), configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("orthanc.log").toFile())
            .start();
    Archive archive = new Archive(process, URI.create("http://127.0.0.1:" + port));
    archive.await();
    return archive;
  }

  private void await() throws IOException, InterruptedException {
    HttpRequest request = HttpRequest.newBuilder(root.resolve("/system")).build();
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end) && process.isAlive()) {
      try {
        if (http.send(request, BodyHandlers.discarding()).statusCode() == 200) {
          return;
        }
      } catch (ConnectException e) {
        assertThat(process.isAlive()).as("Orthanc ended: %s", e).isTrue();
      }
      Thread.sleep(100);
    }
    close();
    throw new AssertionError("Orthanc does not answer");
  }

  URI root() {
    return root;
  }

  /** Stores a file. */
  void store(Path file) throws IOException, InterruptedException {
    var answer =
        http.send(
            HttpRequest.newBuilder(root.resolve("/instances"))
                .POST(BodyPublishers.ofFile(file))
                .build(),
            BodyHandlers.ofString());
    JsonNode body = JSON.readTree(answer.body());
    assertThat(body.path("Status").asText()).as(file.toString()).isEqualTo("Success");
  }

  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  @Override
  public void close() {
    process.destroy();
    process.onExit().join();
  }
}
