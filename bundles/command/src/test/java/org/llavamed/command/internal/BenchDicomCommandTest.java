package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.network.DimseClient;
import org.llavamed.network.DimseReceiver.Reception;
import org.llavamed.network.Peer;
import org.llavamed.network.StoreOutcome;

class BenchDicomCommandTest {
  @TempDir Path folder;

  private final List<Path> sent = new ArrayList<>();

  private Console console() {
    DimseClient client =
        new FakeClient(sent);
    return new Console()
        .with(
            "bench",
            () ->
                new BenchDicomCommand(
                    FakeImaging::read,
                    FakeImaging::decode,
                    client,
                    (settings, each) -> new FakeReception()));
  }

  private record FakeReception() implements Reception {
    @Override
    public int port() {
      return 104;
    }

    @Override
    public void close() {}
  }

  private record FakeClient(List<Path> sent) implements DimseClient {
    @Override
    public Echo echo(Peer peer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void store(Peer peer, List<Path> files, Consumer<StoreOutcome> each) {
      for (Path file : files) {
        sent.add(file);
        each.accept(new StoreOutcome(file, "1.2", "1.3", "1.2.840.10008.1.2.1", 0, ""));
      }
    }
  }

  @Test
  void figuresAreGivenForReadingDecodingAndStoring() throws IOException {
    Path a = Files.writeString(folder.resolve("a"), "dicom INT16 2 1 -5,300,7");
    Files.writeString(folder.resolve("b"), "dicom broken 1 1 1,2");
    Files.writeString(folder.resolve("c"), "text");
    Console console = console();
    assertThat(console.run("bench", "dicom", "--repeats", "2", "--store", folder.toString()))
        .isZero();
    assertThat(console.out())
        .contains("\"files\" : 2", "\"filesLeftOut\" : 1", "\"headersPerSecond\"")
        .contains("\"transferSyntax\" : \"1.2.840.10008.1.2.1\"", "\"megabytes\" : 1.2E-5")
        .contains("\"filesPerSecond\"", "RESEARCH USE ONLY");
    assertThat(console.err()).contains("left out: ", "not decoded: ");
    assertThat(sent).hasSize(6).contains(a);
  }

  @Test
  void nothingIsSentUnlessAskedFor() throws IOException {
    Files.writeString(folder.resolve("a"), "dicom INT16 2 1 -5,300,7");
    Console console = console();
    assertThat(console.run("bench", "dicom", "--repeats", "1", folder.toString())).isZero();
    assertThat(console.out()).contains("\"storing\" : null");
    assertThat(sent).isEmpty();
  }
}
