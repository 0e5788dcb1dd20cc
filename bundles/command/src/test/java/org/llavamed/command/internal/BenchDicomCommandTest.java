package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.network.Peer;

class BenchDicomCommandTest {
  @TempDir Path folder;

  private final FakeNetwork network = new FakeNetwork();

  private Console console() {
    return new Console()
        .with(
            "bench",
            () -> new BenchDicomCommand(FakeImaging::read, FakeImaging::decode, network, network));
  }

  private long sendings() {
    return network.asked.stream().filter(Peer.class::isInstance).count();
  }

  @Test
  void figuresAreGivenForReadingDecodingAndStoring() throws IOException {
    Files.writeString(folder.resolve("a"), "dicom INT16 2 1 -5,300,7");
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
    assertThat(sendings()).as("once to warm up, and each repeat").isEqualTo(3);
  }

  @Test
  void nothingToMeasureIsAnError() throws IOException {
    Files.writeString(folder.resolve("a"), "text");
    Console console = console();
    assertThat(console.run("bench", "dicom", folder.toString())).isEqualTo(1);
    assertThat(console.out()).isEmpty();
    assertThat(console.err())
        .startsWith("left out: ")
        .endsWith("llavamed: no file can be read, so nothing is measured. Name DICOM files.\n");
  }

  @Test
  void aFileThatIsNotStoredEndsTheRun() throws IOException {
    Files.writeString(folder.resolve("bad"), "dicom INT16 1 1 1");
    Console console = console();
    assertThat(console.run("bench", "dicom", "--store", folder.toString())).isNotZero();
    assertThat(console.err()).contains("it was not stored (no room)");
  }

  @Test
  void nothingIsSentUnlessAskedFor() throws IOException {
    Files.writeString(folder.resolve("a"), "dicom INT16 2 1 -5,300,7");
    Console console = console();
    assertThat(console.run("bench", "dicom", "--repeats", "1", folder.toString())).isZero();
    assertThat(console.out()).contains("\"storing\" : null");
    assertThat(sendings()).isZero();
  }
}
