package org.llavamed.render.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.codec.internal.PixelFrameDecoder;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.RenderedFrame;

/**
 * Pictures against those of dcmtk and pydicom, at most 1 of 255 apart: of the files of {@code
 * golden}, and of a reference collection outside the project where it is there.
 */
final class GoldenPicturesTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final int TOLERANCE = 1;

  private final FrameDecoder decoder = new PixelFrameDecoder();
  private final FrameRenderer renderer = new StandardFrameRenderer();

  static List<String> rows() throws IOException {
    return table("expected.tsv");
  }

  @ParameterizedTest
  @MethodSource("rows")
  void rendersAsOtherImplementationsDo(String row) {
    compare(FOLDER, row);
  }

  @Test
  void rendersTheReferenceCollectionAsOtherImplementationsDo() throws IOException {
    Path folder = Path.of(System.getProperty("shared.data", "absent"), "dicom");
    if (!Files.exists(folder)) {
      System.out.println("Skipped: the reference collection is not there: " + folder);
    }
    assumeTrue(Files.exists(folder), () -> "the reference collection is not there: " + folder);

    List<String> rows = table("reference-collection.tsv");
    rows.forEach(row -> compare(folder, row));
    assertThat(rows).hasSizeGreaterThan(30);
  }

  /** A row has: file, frame, rendering, step, every step-th pixel in hexadecimal digits. */
  private void compare(Path folder, String row) {
    String[] fields = row.split("\t", -1);
    int frame = Integer.parseInt(fields[1]);
    int step = Integer.parseInt(fields[3]);
    byte[] expected = HexFormat.of().parseHex(fields[4]);
    DicomObject object = new Part10Reader().read(folder.resolve(fields[0]));

    RenderedFrame found = renderer.render(object, decoder.decode(object, frame), frame);

    assertThat(found.rendering().description()).as(fields[0]).isEqualTo(fields[2]);
    int channels = found.picture().channels();
    ByteBuffer pixels = found.picture().pixels();
    assertThat((pixels.remaining() / channels + step - 1) / step * channels)
        .as("values of %s", fields[0])
        .isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      int value = pixels.get(i / channels * step * channels + i % channels) & 0xFF;
      assertThat(value)
          .as("%s, sample %d", fields[0], i)
          .isBetween((expected[i] & 0xFF) - TOLERANCE, (expected[i] & 0xFF) + TOLERANCE);
    }
  }

  private static List<String> table(String name) throws IOException {
    return Files.readAllLines(FOLDER.resolve(name)).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }
}
