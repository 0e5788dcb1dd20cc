package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.FrameEncoder.EncodedFrame;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** What was compressed comes back: from our decoder, and from dcmtk where it is installed. */
final class PixelFrameEncoderTest {
  private static final int ROWS = 37;
  private static final int COLUMNS = 143;
  private static final Path FOLDER = Path.of("target/encoded");

  private final PixelFrameEncoder encoder = new PixelFrameEncoder();
  private final PixelFrameDecoder decoder = new PixelFrameDecoder();

  @ParameterizedTest
  @CsvSource({"1,UINT8", "3,UINT8", "1,UINT16", "1,INT16", "3,UINT16", "1,UINT32", "1,INT8"})
  void rleGivesTheValuesBack(int samples, SampleType type) throws Exception {
    StoredFrame frame = frame(samples, type);
    Path file = write(PixelFrameEncoder.RLE, frame, "rle-%d-%s".formatted(samples, type));

    assertThat(decoder.decode(new Part10Reader().read(file), 0).values()).isEqualTo(frame.values());
    Path plain = FOLDER.resolve("dcmdrle.dcm");
    if (type.bytes() <= 2 && dcmtk("dcmdrle", file, plain)) {
      assertThat(decoder.decode(new Part10Reader().read(plain), 0).values())
          .isEqualTo(frame.values());
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "3"})
  void jpegComesCloseAndIsReadAlikeByDcmtk(int samples) throws Exception {
    StoredFrame frame = frame(samples, SampleType.UINT8);
    Path file = write(PixelFrameEncoder.JPEG_BASELINE, frame, "jpeg-" + samples);

    ByteBuffer decoded = decoder.decode(new Part10Reader().read(file), 0).values();
    int[] ours = samples == 3 ? rgb(decoded) : numbers(decoded);
    assertThat(difference(ours, numbers(frame.values()))).isLessThan(40);
    Path plain = FOLDER.resolve("dcmdjpeg.dcm");
    if (dcmtk("dcmdjpeg", file, plain)) {
      ByteBuffer theirs = decoder.decode(new Part10Reader().read(plain), 0).values();
      assertThat(difference(ours, numbers(theirs))).isLessThanOrEqualTo(2);
    }
  }

  static Stream<byte[]> rows() {
    byte[] ramp = new byte[300];
    byte[] pairs = new byte[301];
    byte[] runs = new byte[700];
    for (int i = 0; i < runs.length; i++) {
      ramp[i % 300] = (byte) (i % 300);
      pairs[i % 301] = (byte) (i % 301 / 2);
      runs[i] = (byte) (i / 300);
    }
    return Stream.of(new byte[1], ramp, pairs, runs, new byte[] {1, 1, 2, 3, 3, 3, 4, 4});
  }

  @ParameterizedTest
  @MethodSource("rows")
  void runsAndLiteralsOfAnyLengthComeBack(byte[] row) throws Exception {
    StoredFrame frame =
        new StoredFrame(1, row.length, 1, SampleType.UINT8, ByteBuffer.wrap(row.clone()));
    Path file = write(PixelFrameEncoder.RLE, frame, "row");

    assertThat(decoder.decode(new Part10Reader().read(file), 0).values())
        .isEqualTo(ByteBuffer.wrap(row));
  }

  @Test
  void saysWhatTheObjectHasToSay() {
    StoredFrame colour = frame(3, SampleType.UINT8);
    EncodedFrame jpeg = encoder.encode(PixelFrameEncoder.JPEG_BASELINE, colour);
    EncodedFrame rle = encoder.encode(PixelFrameEncoder.RLE, colour);

    assertThat(List.of(jpeg.photometric(), rle.photometric()))
        .containsExactly(Optional.of("YBR_FULL_422"), Optional.empty());
    assertThat(
            encoder
                .encode(PixelFrameEncoder.JPEG_BASELINE, frame(1, SampleType.UINT8))
                .photometric())
        .isEmpty();
    assertThat(List.of(jpeg.lossy(), rle.lossy())).containsExactly(true, false);
    assertThat(jpeg.bytes().remaining() % 2 + rle.bytes().remaining() % 2).isZero();
  }

  @Test
  void namesWhatItCannotCompress() {
    fails(
        "1.2.840.10008.1.2.4.80",
        frame(1, SampleType.UINT8),
        "frame encoder: Compression to the transfer syntax 1.2.840.10008.1.2.4.80 is not supported."
            + " Choose one of [1.2.840.10008.1.2.4.50, 1.2.840.10008.1.2.5].");
    fails(
        PixelFrameEncoder.JPEG_BASELINE,
        frame(1, SampleType.UINT16),
        "frame encoder: JPEG Baseline of uint16 values is not supported. Give unsigned values of 8"
            + " bits, or choose RLE Lossless.");
    fails(
        PixelFrameEncoder.RLE,
        frame(3, SampleType.FLOAT64),
        "frame encoder: RLE Lossless of 24 bytes a pixel is not supported. Give values of fewer"
            + " bytes, 15 a pixel at most.");
  }

  @Test
  void namesTheLargestSideOfJpeg() {
    fails(
        PixelFrameEncoder.JPEG_BASELINE,
        new StoredFrame(1, 65501, 1, SampleType.UINT8, ByteBuffer.allocate(65501)),
        "frame encoder: JPEG Baseline of 1 rows and 65501 columns, above the limit of 65500, is not"
            + " supported. Choose RLE Lossless.");
    assertThat(
            encoder
                .encode(
                    PixelFrameEncoder.JPEG_BASELINE,
                    new StoredFrame(1, 65500, 1, SampleType.UINT8, ByteBuffer.allocate(65500)))
                .lossy())
        .isTrue();
  }

  @Test
  void jpegLeavesTheFolderOfTemporaryFilesAlone(@TempDir Path missing) throws IOException {
    Files.delete(missing);
    String before = System.getProperty("java.io.tmpdir");
    System.setProperty("java.io.tmpdir", missing.toString());
    try {
      encoder.encode(PixelFrameEncoder.JPEG_BASELINE, frame(3, SampleType.UINT8));
    } finally {
      System.setProperty("java.io.tmpdir", before);
      Files.createDirectory(missing);
    }
  }

  private void fails(String uid, StoredFrame frame, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> encoder.encode(uid, frame))
        .withMessage(message);
  }

  /** Flat areas, slopes and some noise, with other values in each byte of a pixel. */
  private static StoredFrame frame(int samples, SampleType type) {
    Random random = new Random(20260105);
    ByteBuffer values = ByteBuffer.allocate(ROWS * COLUMNS * samples * type.bytes());
    for (int i = 0; values.hasRemaining(); i++) {
      int step = samples * type.bytes();
      int x = i / step % COLUMNS;
      int value = x < 60 ? 7 : x / 2 + (x > 120 ? random.nextInt(9) : 0);
      values.put((byte) (value + 50 * (i % step)));
    }
    return new StoredFrame(ROWS, COLUMNS, samples, type, values.flip());
  }

  private Path write(String uid, StoredFrame frame, String name) throws IOException {
    EncodedFrame encoded = encoder.encode(uid, frame);
    int bits = frame.type().bytes() * Byte.SIZE;
    DataSet dataSet =
        new DataSet()
            .putString(Tag.SOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.7")
            .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.1")
            .putInts(Tag.SamplesPerPixel, Vr.US, frame.samples())
            .putString(
                Tag.PhotometricInterpretation,
                Vr.CS,
                encoded.photometric().orElse(frame.samples() == 3 ? "RGB" : "MONOCHROME2"))
            .putInts(Tag.Rows, Vr.US, frame.rows())
            .putInts(Tag.Columns, Vr.US, frame.columns())
            .putInts(Tag.BitsAllocated, Vr.US, bits)
            .putInts(Tag.BitsStored, Vr.US, bits)
            .putInts(Tag.HighBit, Vr.US, bits - 1)
            .putInts(Tag.PixelRepresentation, Vr.US, frame.type().name().startsWith("I") ? 1 : 0)
            .putFragments(Tag.PixelData, List.of(encoded.bytes()));
    if (frame.samples() > 1) {
      dataSet.putInts(Tag.PlanarConfiguration, Vr.US, 0);
    }
    Files.createDirectories(FOLDER);
    Path file = FOLDER.resolve(name + ".dcm");
    Files.deleteIfExists(file);
    Part10Writer.write(dataSet, uid, file);
    return file;
  }

  /** Runs a program of dcmtk; false, with a visible line, where it is not installed. */
  private static boolean dcmtk(String program, Path from, Path to)
      throws IOException, InterruptedException {
    Path installed = Path.of("/usr/bin", program);
    if (!Files.isExecutable(installed)) {
      System.out.println("SKIPPED: " + installed + " is not there");
      return false;
    }
    Process process =
        new ProcessBuilder(installed.toString(), from.toString(), to.toString())
            .inheritIO()
            .start();
    assertThat(process.waitFor()).as("exit code of %s %s", program, from).isZero();
    return true;
  }

  private static int[] numbers(ByteBuffer bytes) {
    int[] numbers = new int[bytes.remaining()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = bytes.get(i) & 0xFF;
    }
    return numbers;
  }

  private static int[] rgb(ByteBuffer ybr) {
    int[] values = numbers(ybr);
    for (int i = 0; i < values.length; i += 3) {
      double y = values[i];
      double cb = values[i + 1] - 128;
      double cr = values[i + 2] - 128;
      values[i] = clamped(y + 1.402 * cr);
      values[i + 1] = clamped(y - 0.344136 * cb - 0.714136 * cr);
      values[i + 2] = clamped(y + 1.772 * cb);
    }
    return values;
  }

  private static int clamped(double value) {
    return (int) Math.max(0, Math.min(255, Math.round(value)));
  }

  private static int difference(int[] a, int[] b) {
    assertThat(a).hasSameSizeAs(b);
    int most = 0;
    for (int i = 0; i < a.length; i++) {
      most = Math.max(most, Math.abs(a[i] - b[i]));
    }
    return most;
  }
}
