package org.llavamed.render.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.codec.internal.PixelFrameDecoder;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.Presentation;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;

/**
 * Pictures with overlays, presentation states, square pixels and windows that are asked for,
 * against those of {@code golden/presentations.tsv}, at most 1 of 255 apart.
 */
final class PresentationPicturesTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final int TOLERANCE = 1;

  static List<String> rows() throws IOException {
    return Files.readAllLines(FOLDER.resolve("presentations.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  /** A row has: file, frame, state, overlays, window, rendering, size, pixels. */
  @ParameterizedTest
  @MethodSource("rows")
  void presentsAsOtherImplementationsDo(String row) {
    String[] fields = row.split("\t", -1);
    int frame = Integer.parseInt(fields[1]);
    DicomObject object = new Part10Reader().read(FOLDER.resolve(fields[0]));

    RenderedFrame found =
        new StandardFrameRenderer()
            .render(
                object, new PixelFrameDecoder().decode(object, frame), frame, presentation(fields));

    assertThat(found.rendering().description()).isEqualTo(fields[5]);
    assertThat(found.picture().width() + "x" + found.picture().height()).isEqualTo(fields[6]);
    assertThat(found.storedColumns())
        .isEqualTo(object.attributes().integer(0x00280011).orElseThrow());
    assertThat(found.storedRows()).isEqualTo(object.attributes().integer(0x00280010).orElseThrow());
    byte[] expected = HexFormat.of().parseHex(fields[7]);
    ByteBuffer pixels = found.picture().pixels();
    assertThat(pixels.remaining()).isEqualTo(expected.length);
    for (int i = 0; i < expected.length; i++) {
      assertThat(pixels.get(i) & 0xFF)
          .as("sample %d", i)
          .isBetween((expected[i] & 0xFF) - TOLERANCE, (expected[i] & 0xFF) + TOLERANCE);
    }
  }

  private static Presentation presentation(String[] fields) {
    Optional<DicomObject> state =
        fields[2].isEmpty()
            ? Optional.empty()
            : Optional.of(new Part10Reader().read(FOLDER.resolve(fields[2])));
    String[] window = fields[4].split("/", -1);
    return new Presentation(
        state,
        !fields[3].isEmpty(),
        fields[4].isEmpty()
            ? Optional.empty()
            : Optional.of(
                new Rendering.Window(
                    Double.parseDouble(window[0]), Double.parseDouble(window[1]))));
  }
}
