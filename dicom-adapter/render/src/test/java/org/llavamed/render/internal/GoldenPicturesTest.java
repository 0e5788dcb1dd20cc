package org.llavamed.render.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.codec.internal.PixelFrameDecoder;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.StoredFrame;

/**
 * Pictures against those of dcmtk and pydicom, at most 1 of 255 apart: of the files of {@code
 * golden}, and of a reference collection outside the project where it is there. Of that, every
 * pixel is the one of pydicom's values and tables and the equations of the standard, which the
 * maker of the table has compared with dcmtk's.
 */
final class GoldenPicturesTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");
  private static final Path DOCUMENTATION = Path.of("../../docs/conformance/rendering.md");
  private static final String TABLE_HEAD =
      """
      | photometric interpretation | rendering | compared with | pictures |
      |---|---|---|---|
      """;
  private static final int TOLERANCE = 1;

  /**
   * Lossy, and decoders differ by 1 of 4095: rendered from the values that the collection gives.
   */
  private static final String ROUNDED = "pylibjpeg-data/MR2_J2KI.dcm";

  private static final String ROUNDED_VALUES = "reference/144.npy.gz";

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
      System.out.println("SKIPPED: the reference collection is not there: " + folder);
    }
    assumeTrue(Files.exists(folder), () -> "the reference collection is not there: " + folder);

    List<String> rows = table("reference-collection.tsv");
    List<String> left = rows.stream().filter(row -> !decodes(folder, row)).toList();
    left.forEach(row -> System.out.println("SKIPPED: no decoder here for " + file(row)));
    for (String row : rows) {
      if (!left.contains(row)) {
        compareWhole(compare(folder, row), row);
      }
    }
    assertThat(rows.size() - left.size()).isGreaterThan(100);
  }

  @Test
  void segmentationsOfTheReferenceCollectionAreErrorsByName() {
    Path file =
        Path.of(System.getProperty("shared.data", "absent"), "dicom/pydicom-data/liver.dcm");
    if (!Files.exists(file)) {
      System.out.println("SKIPPED: the reference collection is not there: " + file);
    }
    assumeTrue(Files.exists(file), () -> "the reference collection is not there: " + file);
    DicomObject object = new Part10Reader().read(file);

    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> renderer.render(object, decoder.decode(object, 0), 0))
        .withMessage(
            file
                + ": Rendering an object of Segmentation Storage (1.2.840.10008.5.1.4.1.1.66.4),"
                + " whose pixels are no picture, is not supported."
                + " Render the images that it refers to.");
  }

  /** Holds the table of the documentation; {@code -Dllavamed.docs.write=true} writes it. */
  @Test
  void theDocumentationSaysHowManyPicturesAreCompared() throws IOException {
    Map<String, Integer> counts = new TreeMap<>();
    for (String row : table("reference-collection.tsv")) {
      String[] fields = row.split("\t", -1);
      String rule = fields[2].replaceFirst(" .*", "");
      counts.merge("| %s | %s | %s | ".formatted(fields[5], rule, fields[6]), 1, Integer::sum);
    }
    StringBuilder lines = new StringBuilder();
    counts.forEach((key, count) -> lines.append(key).append(count).append(" |\n"));
    String text = Files.readString(DOCUMENTATION);
    int from = text.indexOf(TABLE_HEAD) + TABLE_HEAD.length();
    String expected = text.substring(0, from) + lines;
    if (Boolean.getBoolean("llavamed.docs.write")) {
      Files.writeString(DOCUMENTATION, expected);
    }
    assertThat(Files.readString(DOCUMENTATION))
        .as("%s; write it again with -Dllavamed.docs.write=true", DOCUMENTATION)
        .isEqualTo(expected);
  }

  private boolean decodes(Path folder, String row) {
    DicomObject object = new Part10Reader().read(folder.resolve(file(row)));
    try {
      decoder.decode(object, Integer.parseInt(row.split("\t", -1)[1]));
      return true;
    } catch (ImagingException e) {
      assertThat(e).hasMessageContaining("is not supported.");
      return false;
    }
  }

  private static String file(String row) {
    return row.substring(0, row.indexOf('\t'));
  }

  /**
   * A row has: file, frame, rendering, step, every step-th pixel in hexadecimal digits; in the
   * table of the collection then what the documentation counts, and the whole picture.
   */
  private Picture compare(Path folder, String row) {
    String[] fields = row.split("\t", -1);
    int frame = Integer.parseInt(fields[1]);
    int step = Integer.parseInt(fields[3]);
    byte[] expected = HexFormat.of().parseHex(fields[4]);
    DicomObject object = new Part10Reader().read(folder.resolve(fields[0]));

    StoredFrame stored = decoder.decode(object, frame);
    if (fields[0].equals(ROUNDED)) {
      stored = withValues(folder.resolve(ROUNDED_VALUES), stored);
    }
    RenderedFrame found = renderer.render(object, stored, frame);

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
    return found.picture();
  }

  /** Returns a frame with the values of a NumPy file, which stand at its end. */
  private static StoredFrame withValues(Path file, StoredFrame frame) {
    try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
      byte[] bytes = in.readAllBytes();
      int length = frame.values().remaining();
      return new StoredFrame(
          frame.rows(),
          frame.columns(),
          frame.samples(),
          frame.type(),
          ByteBuffer.wrap(bytes, bytes.length - length, length));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The last two fields are size and SHA-256 of the whole picture. */
  private static void compareWhole(Picture found, String row) {
    String[] fields = row.split("\t", -1);
    assertThat("%dx%d".formatted(found.width(), found.height()))
        .as("size of %s, frame %s", fields[0], fields[1])
        .isEqualTo(fields[7]);
    assertThat(sha256(found.pixels()))
        .as("every pixel of %s, frame %s, is as expected", fields[0], fields[1])
        .isEqualTo(fields[8]);
  }

  private static String sha256(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(bytes);
      return HexFormat.of().formatHex(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private static List<String> table(String name) throws IOException {
    return Files.readAllLines(FOLDER.resolve(name)).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }
}
