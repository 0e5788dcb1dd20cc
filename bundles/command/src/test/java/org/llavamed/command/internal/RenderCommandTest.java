package org.llavamed.command.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.imaging.Picture;

class RenderCommandTest {
  private static final String NOTICE = ResearchMark.NOTICE + "\n";

  @TempDir Path folder;

  private final ByteArrayOutputStream standardOutput = new ByteArrayOutputStream();
  private final Console console = console(standardOutput);

  private static Console console(OutputStream standardOutput) {
    PrintStream stream = new PrintStream(standardOutput);
    return new Console().with("dicom", () -> new RenderCommand(FakeImaging.pictures(), stream));
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int run(Object... arguments) {
    return console.run(
        Stream.concat(Stream.of("dicom", "render"), Stream.of(arguments).map(Object::toString))
            .toArray(String[]::new));
  }

  /** Returns the grey of the fake picture, which tells what was asked. */
  private static int grey(byte[] png) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getWidth()).isEqualTo(1);
    assertThat(image.getHeight()).isEqualTo(1);
    return image.getRaster().getSample(0, 0, 0);
  }

  @Test
  void theMiddleFrameIsWrittenAndSaidOnOneLine() throws Exception {
    Path file = write("a.dcm", "dicom UINT8 5 1 1");
    Path png = folder.resolve("out.png");

    assertThat(run(file, "-o", png)).isZero();

    assertThat(grey(Files.readAllBytes(png))).isEqualTo(2);
    assertThat(console.out()).isEqualTo(png + "\t3 of 5\t1x1\tPERCENTILES\n");
    assertThat(console.err()).isEqualTo(NOTICE);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactlyInAnyOrder(file, png);
    }
  }

  @Test
  void aDashWritesThePictureAloneToStandardOutput() throws Exception {
    Path file = write("a.dcm", "dicom UINT8 5 1 1");

    assertThat(run(file, "--frame", 5, "-o", "-")).isZero();

    assertThat(grey(standardOutput.toByteArray())).isEqualTo(4);
    assertThat(console.out()).isEmpty();
    assertThat(console.err()).isEqualTo(NOTICE);
  }

  @ParameterizedTest
  @CsvSource({"--overlays, 100", "--window=7/40, 7", "--window=7.0/40.5 --overlays, 107"})
  void whatIsAskedReachesTheRenderer(String options, int grey) throws Exception {
    Path file = write("a.dcm", "dicom UINT8 1 1 1");
    Object[] arguments =
        Stream.concat(Stream.of(file, "-o", "-"), Stream.of(options.split(" ", -1))).toArray();

    assertThat(run(arguments)).isZero();

    assertThat(grey(standardOutput.toByteArray())).isEqualTo(grey);
  }

  @Test
  void aPresentationStateIsReadAndReachesTheRenderer() throws Exception {
    Path file = write("a.dcm", "dicom UINT8 1 1 1");
    Path state = write("state.dcm", "dicom");

    assertThat(run(file, "-o", "-", "--presentation-state", state)).isZero();

    assertThat(grey(standardOutput.toByteArray())).isEqualTo(50);
    assertThat(run(file, "-o", "-", "--presentation-state", folder.resolve("none"))).isEqualTo(1);
    assertThat(console.err()).contains("none: cannot be read");
  }

  @Test
  void aNegativeCentreIsNoOption() throws Exception {
    Path file = write("a.dcm", "dicom UINT8 201 1 1");

    assertThat(run(file, "-o", "-", "--frame", 201, "--window", "-20/40")).isZero();

    assertThat(grey(standardOutput.toByteArray())).isEqualTo(180);
  }

  @ParameterizedTest
  @ValueSource(strings = {"40", "40/0", "40/-3", "NaN/400", "40/400/3", "1e999/400", "40/"})
  void whatIsNoWindowIsAUsageError(String window) throws Exception {
    Path file = write("a.dcm", "dicom UINT8 1 1 1");

    assertThat(run(file, "--window", window)).isEqualTo(2);

    assertThat(console.err())
        .startsWith(
            "llavamed: --window "
                + window
                + ": expected CENTER/WIDTH, two numbers, the width at least 1, as 40/400.\n");
  }

  @Test
  void aFileThatFailsLeavesNothingAndKeepsTheOldPicture() throws Exception {
    Path png = write("out.png", "old");

    assertThat(run(write("a", "dicom broken 1 1 1"), "-o", png)).isEqualTo(1);
    assertThat(console.err()).endsWith("transfer syntax 1.2.3 is not supported. Decompress it.\n");
    assertThat(run(write("b", "dicom"), "-o", png)).isEqualTo(1);
    assertThat(console.err()).endsWith("the object has no pixels. Name a picture.\n");
    assertThat(run(write("c", "dicom UINT8 2 1 1"), "--frame", 3, "-o", png)).isEqualTo(1);
    assertThat(console.err()).endsWith("the object has 2. Name a frame from 1 to 2.\n");

    assertThat(png).hasContent("old");
    assertThat(console.out()).isEmpty();
  }

  @Test
  void aFileThatIsReadIsNotReplaced() throws Exception {
    Path file = write("a.dcm", "dicom UINT8 1 1 1");
    Path state = write("state.dcm", "dicom");
    Path link = Files.createSymbolicLink(folder.resolve("link.png"), file);

    for (Path target : List.of(file, link, state)) {
      assertThat(run(file, "--presentation-state", state, "-o", target)).isEqualTo(2);
      assertThat(console.err())
          .contains(
              "-o "
                  + target
                  + ": is a file that is read, and would be replaced. Name another file.");
    }
    assertThat(file).hasContent("dicom UINT8 1 1 1");
    assertThat(state).hasContent("dicom");
  }

  @Test
  void aPictureThatCannotBeWrittenIsNamed() throws Exception {
    Path file = write("a.dcm", "dicom UINT8 1 1 1");

    assertThat(run(file, "-o", folder)).isEqualTo(2);
    assertThat(console.err()).contains("-o " + folder + ": is a folder. Name a file to write.");
    Path nowhere = folder.resolve("nowhere/out.png");
    assertThat(run(file, "-o", nowhere)).isEqualTo(1);
    assertThat(console.err())
        .endsWith(
            "llavamed: %s: it cannot be written, since its folder is not there. Make the folder.\n"
                .formatted(nowhere));
  }

  @Test
  void aBrokenPipeIsNamed() throws Exception {
    Path file = write("a.dcm", "dicom UINT8 1 1 1");
    Console broken =
        console(
            new OutputStream() {
              @Override
              public void write(int b) throws IOException {
                throw new IOException("Broken pipe");
              }
            });

    assertThat(broken.run("dicom", "render", file.toString(), "-o", "-")).isEqualTo(1);
    assertThat(broken.err())
        .endsWith("standard output: the picture cannot be written. Name a file with -o.\n");
  }

  @Test
  void colourKeepsItsOrder() throws Exception {
    byte[] rgb = {10, 20, 30, 40, 50, 60};

    byte[] png = PngFile.bytes(new Picture(2, 1, 3, ByteBuffer.wrap(rgb)));

    BufferedImage image = ImageIO.read(new ByteArrayInputStream(png));
    assertThat(image.getRGB(0, 0) & 0xFFFFFF).isEqualTo(0x0A141E);
    assertThat(image.getRGB(1, 0) & 0xFFFFFF).isEqualTo(0x28323C);
  }
}
