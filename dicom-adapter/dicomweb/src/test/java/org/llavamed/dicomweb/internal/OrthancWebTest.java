package org.llavamed.dicomweb.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.network.NetworkException;
import org.llavamed.network.WebCredentials;
import org.llavamed.network.WebDataSet;
import org.llavamed.network.WebFile;
import org.llavamed.network.WebLimits;
import org.llavamed.network.WebPeer;
import org.llavamed.network.WebQuery;
import org.llavamed.network.WebResource;
import org.llavamed.network.WebRetrieval;
import org.llavamed.network.WebStoreOutcome;
import org.llavamed.network.WebStoreOutcome.Result;

/** A real archive with its DICOMweb plug-in, on the loopback interface. */
final class OrthancWebTest {
  private static final Path ORTHANC = Path.of("/usr/sbin/Orthanc");
  private static final Path PLUGIN = Path.of("/usr/share/orthanc/plugins/libOrthancDicomWeb.so");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir Path folder;
  private final HttpDicomWeb web = new HttpDicomWeb();
  private @Nullable Process orthanc;

  @AfterEach
  void stop() throws InterruptedException {
    if (orthanc != null) {
      orthanc.destroy();
      orthanc.waitFor();
    }
  }

  @Test
  void anObjectComesBackAsItWasAndItsFramesAndAttributesCanBeHad() throws Exception {
    WebPeer peer = start(new WebCredentials.Basic("alice", "geheim"));
    DataSet first = Instances.frames(1, 3);
    Path file = Instances.write(first, folder.resolve("1.dcm"));
    Path second = Instances.write(Instances.frames(2, 1), folder.resolve("2.dcm"));
    assertThat(store(peer, file, second)).allMatch(each -> each.result() == Result.STORED);

    WebResource study = new WebResource(Instances.STUDY, Optional.empty(), Optional.empty());
    WebRetrieval fetched = web.retrieve(peer, study, folder.resolve("study"));
    assertThat(fetched.problem()).isEmpty();
    assertThat(fetched.files()).hasSize(2);
    Part10Reader reader = new Part10Reader();
    Path back = folder.resolve("study").resolve(Instances.uid(1) + ".dcm");
    assertThat(reader.read(back).whole()).isEqualTo(reader.read(file).whole());
    assertThat(Files.readAllBytes(back)).isEqualTo(Files.readAllBytes(file));

    WebResource instance =
        WebResource.instance(Instances.STUDY, Instances.SERIES, Instances.uid(1));
    ByteBuffer pixels = first.bytes(Tag.PixelData);
    List<WebFile> frames = web.frames(peer, instance, List.of(3, 1), folder.resolve("frames"));
    assertThat(frames).extracting(WebFile::transferSyntaxUid).containsOnly("1.2.840.10008.1.2.1");
    assertThat(Files.readAllBytes(frames.get(0).file())).isEqualTo(slice(pixels, 2));
    assertThat(Files.readAllBytes(frames.get(1).file())).isEqualTo(slice(pixels, 0));

    checkRendered(peer, instance, pixels);
    checkMetadata(peer, instance, pixels);
    checkSearch(peer);
    checkMissing(peer);
    checkPassword(peer);
  }

  private static byte[] slice(ByteBuffer pixels, int frame) {
    byte[] bytes = new byte[192];
    pixels.get(frame * 192, bytes);
    return bytes;
  }

  /** Eight bits without a window are shown as they are stored. */
  private void checkRendered(WebPeer peer, WebResource instance, ByteBuffer pixels)
      throws IOException {
    for (int frame : new int[] {0, 2}) {
      WebFile file = web.rendered(peer, instance, frame, folder.resolve("rendered"));
      BufferedImage picture = ImageIO.read(file.file().toFile());
      assertThat(List.of(picture.getWidth(), picture.getHeight())).containsExactly(16, 12);
      assertThat(file.mediaType()).isEqualTo("image/png");
      byte[] stored = slice(pixels, Math.max(0, frame - 1));
      int most = 0;
      for (int i = 0; i < stored.length; i++) {
        int shown = picture.getRaster().getSample(i % 16, i / 16, 0);
        most = Math.max(most, Math.abs(shown - (stored[i] & 0xFF)));
      }
      assertThat(most).as("greatest difference of a pixel, request %d", frame).isLessThan(8);
    }
  }

  private void checkMetadata(WebPeer peer, WebResource instance, ByteBuffer pixels)
      throws IOException {
    List<WebDataSet> sets = new ArrayList<>();
    web.metadata(peer, instance, sets::add);
    assertThat(sets).hasSize(1);
    assertThat(sets.get(0).attributes().string(Tag.PatientName)).contains("M\u00fcller^J\u00f6rg");
    URI bulk = sets.get(0).bulkData().get("7FE00010");
    assertThat(bulk).isNotNull();
    WebFile file = web.bulkData(peer, bulk, folder.resolve("bulk"));
    byte[] expected = new byte[pixels.remaining()];
    pixels.get(0, expected);
    assertThat(Files.readAllBytes(file.file())).isEqualTo(expected);
  }

  private void checkSearch(WebPeer peer) {
    List<String> found = new ArrayList<>();
    web.find(
        peer,
        new WebQuery(
            WebQuery.Level.INSTANCE,
            Map.of("StudyInstanceUID", Instances.STUDY, "PatientID", "P1"),
            List.of("PatientName", "00280008"),
            false,
            1,
            1),
        match -> found.add(match.attributes().string(Tag.PatientName).orElse("none")));
    assertThat(found).containsExactly("M\u00fcller^J\u00f6rg");
    web.find(
        peer,
        WebQuery.of(WebQuery.Level.STUDY, Map.of("PatientID", "P*")),
        match -> found.add(match.attributes().string(Tag.StudyInstanceUID).orElse("none")));
    assertThat(found).hasSize(2).contains(Instances.STUDY);
    web.find(
        peer,
        WebQuery.of(WebQuery.Level.STUDY, Map.of("PatientName", "Nobody")),
        match -> found.add("wrong"));
    assertThat(found).hasSize(2);
  }

  private void checkMissing(WebPeer peer) {
    WebResource missing = new WebResource("1.2.3", Optional.empty(), Optional.empty());
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.retrieve(peer, missing, folder.resolve("none")))
        .withMessageContaining("/dicom-web/studies/1.2.3: HTTP status 404");
  }

  private void checkPassword(WebPeer peer) {
    WebPeer stranger =
        new WebPeer(
            peer.base(),
            Optional.of(new WebCredentials.Basic("alice", "wrong")),
            Optional.empty(),
            WebLimits.DEFAULT);
    assertThatExceptionOfType(NetworkException.class)
        .isThrownBy(() -> web.find(stranger, WebQuery.of(WebQuery.Level.STUDY, Map.of()), m -> {}))
        .withMessageContaining("HTTP status 401")
        .withMessageEndingWith("Check the credentials.");
  }

  @Test
  void anInstanceWithABrokenAttributeIsRefusedByName() throws Exception {
    WebPeer peer = start(new WebCredentials.Basic("alice", "geheim"));
    DataSet broken = Instances.frames(2, 1).putBytes(Tag.StudyInstanceUID, Vr.UI, new byte[0]);
    List<WebStoreOutcome> outcomes =
        store(
            peer,
            Instances.write(Instances.frames(1, 1), folder.resolve("good")),
            Instances.write(broken, folder.resolve("broken")));
    assertThat(outcomes)
        .extracting(WebStoreOutcome::result)
        .containsExactly(Result.STORED, Result.FAILED);
    assertThat(outcomes.get(1).problem()).startsWith(folder.resolve("broken") + ": ");
  }

  private List<WebStoreOutcome> store(WebPeer peer, Path... files) {
    List<WebStoreOutcome> outcomes = new ArrayList<>();
    web.store(peer, List.of(files), outcomes::add);
    return outcomes;
  }

  private WebPeer start(WebCredentials credentials) throws Exception {
    skipUnless(
        Files.isExecutable(ORTHANC) && Files.isReadable(PLUGIN),
        "Orthanc with DICOMweb is not installed (Debian packages orthanc, orthanc-dicomweb): the"
            + " exchange with it is left out");
    int port = freePort();
    Path database = Files.createDirectory(folder.resolve("database"));
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("StorageDirectory", database.toString());
    settings.put("IndexDirectory", database.toString());
    settings.put("HttpPort", port);
    settings.put("HttpBindAddresses", List.of("127.0.0.1"));
    settings.put("RemoteAccessAllowed", true);
    settings.put("AuthenticationEnabled", true);
    settings.put("RegisteredUsers", Map.of("alice", "geheim"));
    settings.put("DicomServerEnabled", false);
    settings.put("Plugins", List.of(PLUGIN.toString()));
    settings.put("DicomWeb", Map.of("Enable", true, "Root", "/dicom-web/"));
    Path configuration = folder.resolve("orthanc.json");
    new ObjectMapper().writeValue(configuration.toFile(), settings);
    Process started =
        new ProcessBuilder(ORTHANC.toString(), configuration.toString())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("orthanc.log").toFile())
            .start();
    orthanc = started;
    await(port, started);
    return new WebPeer(
        URI.create("http://127.0.0.1:%d/dicom-web/".formatted(port)),
        Optional.of(credentials),
        Optional.empty(),
        WebLimits.DEFAULT);
  }

  private void await(int port, Process started) throws IOException, InterruptedException {
    Instant end = Instant.now().plus(PATIENCE);
    while (Instant.now().isBefore(end) && started.isAlive()) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(socket.isConnected()).isTrue();
        return;
      } catch (ConnectException e) {
        Thread.sleep(100);
      }
    }
    throw new AssertionError(
        "Orthanc does not answer: " + Files.readString(folder.resolve("orthanc.log")));
  }

  private static void skipUnless(boolean condition, String message) {
    if (!condition) {
      System.out.println("SKIPPED: " + message);
    }
    assumeTrue(condition, message);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
