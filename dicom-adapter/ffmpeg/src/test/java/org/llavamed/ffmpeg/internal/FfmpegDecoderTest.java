package org.llavamed.ffmpeg.internal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.contract.FakeObject;
import org.llavamed.contract.FakePixelData;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameSamples;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;

/** The videos of {@code videos}, whose frames another build of FFmpeg decoded. */
final class FfmpegDecoderTest {
  private static final Path FOLDER = Path.of("src/test/resources/videos");
  private static final Path NATIVES = Path.of("target/natives");
  private static final int FRAMES = 10;

  private final FfmpegDecoder decoder = new FfmpegDecoder(NATIVES);

  static List<String> rows() throws IOException {
    return Files.readAllLines(FOLDER.resolve("expected.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @AfterEach
  void closeVideo() {
    decoder.close();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void framesAreThoseOfTheCommandLineInAnyOrder(String row) {
    String[] fields = row.split("\t", -1);
    DicomObject object = new Part10Reader().read(FOLDER.resolve(fields[0]));

    for (int index : new int[] {0, 1, 2, 7, 3, 9, 9, 0}) {
      FrameSamples frame = decoder.decode(object, index);
      assertThat(frame.rows()).isEqualTo(66);
      assertThat(frame.columns()).isEqualTo(96);
      assertThat(frame.samples()).isEqualTo(3);
      assertThat(frame.bits()).isEqualTo(fields[1].equals("uint8") ? 8 : 10);
      assertThat(hash(frame.values())).as("frame %d", index).isEqualTo(fields[2 + index]);
    }
  }

  @Test
  void aGreyObjectHasTheLumaAlone() {
    DicomObject colour = new Part10Reader().read(FOLDER.resolve("h264-mp4.dcm"));
    FrameSamples grey = decoder.decode(with(video(66, 96, 1), colour), 4);
    FrameSamples all = decoder.decode(colour, 4);

    assertThat(grey.samples()).isEqualTo(1);
    for (int i = 0; i < 66 * 96; i++) {
      assertThat(grey.value(i)).isEqualTo(all.value(3 * i));
    }
  }

  @Test
  void namesAVideoThatContradictsTheObject() {
    DicomObject video = new Part10Reader().read(FOLDER.resolve("h264-mp4.dcm"));
    fails(
        with(video(66, 98, 3), video),
        0,
        "x.dcm, frame 0: The compressed frame is 66 x 96 (rows x columns), the object says 66 x 98."
            + " Export the object again, it was damaged on its way.");
    fails(
        with(video(66, 96, 3).with(FakeObject.FRAMES, 12), video),
        11,
        "x.dcm, frame 11: The video ends after 10 frames, the object says 12."
            + " Export the object again, it was damaged on its way.");
    DicomObject mpeg2 = new Part10Reader().read(FOLDER.resolve("mpeg2.dcm"));
    fails(
        with(video(66, 96, 3), mpeg2),
        0,
        "x.dcm, frame 0: The video has no stream of h264, which its transfer syntax names."
            + " Export the object again, it was damaged on its way.");
  }

  @Test
  void namesAVideoThatIsNotOfThePhotometricInterpretation() {
    DicomObject video = new Part10Reader().read(FOLDER.resolve("h264-mp4.dcm"));
    fails(
        with(video(66, 96, 3).with(FakeObject.PHOTOMETRIC, "RGB"), video),
        0,
        "x.dcm, frame 0: A video of Y, Cb, Cr in an object of Photometric Interpretation"
            + " (0028,0004) RGB is not supported. Correct the header; PS3.5 section 8.2 has"
            + " YBR_PARTIAL_420 for videos.");
  }

  @Test
  void opensNoPlayList() {
    byte[] list = "#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n".getBytes(UTF_8);
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decoder.decode(with(video(66, 96, 3), FakePixelData.compressed(list)), 0))
        .withMessage(
            "x.dcm, frame 0: The video cannot be opened (FFmpeg says: Invalid data found when"
                + " processing input). Export the object again, it was damaged on its way.");
  }

  /**
   * Neither a crash nor an endless loop, whatever the compressed bytes; few values differ from
   * those of the sound video without an error, since no codec has a checksum.
   */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedVideosGiveNamedErrorsOrMostlyTheRightValues() throws IOException {
    long seed = 20260104;
    System.out.println("Seed of the damaged videos: " + seed);
    Random random = new Random(seed);
    int named = 0;
    int wrong = 0;
    for (String row : rows()) {
      DicomObject object = new Part10Reader().read(FOLDER.resolve(row.split("\t", -1)[0]));
      ByteBuffer sound = decoder.decode(object, FRAMES - 1).values();
      PixelData data = object.pixelData().orElseThrow();
      byte[] whole = bytes(data.stream(0, (int) data.length()));
      for (int i = 0; i < 50; i++) {
        try {
          DicomObject other = with(object, FakePixelData.compressed(mutant(whole, random)));
          wrong += decoder.decode(other, FRAMES - 1).values().equals(sound) ? 0 : 1;
        } catch (ImagingException e) {
          assertThat(e.getMessage()).contains(".dcm").endsWith(".");
          named++;
        }
      }
    }
    assertThat(named).as("errors among the damaged videos").isGreaterThan(200);
    assertThat(wrong).as("wrong values without an error").isLessThan(70);
  }

  private static byte[] mutant(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    for (int i = 0; i < 1 + random.nextInt(6); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    boolean cut = random.nextInt(4) == 0;
    return cut ? Arrays.copyOf(bytes, random.nextInt(bytes.length)) : bytes;
  }

  private static FakeObject video(int rows, int columns, int samples) {
    return FakeObject.grey("1.2.840.10008.1.2.4.102", rows, columns, 8, FakePixelData.compressed())
        .with(FakeObject.SAMPLES, samples)
        .with(FakeObject.FRAMES, FRAMES);
  }

  private static DicomObject with(DicomObject object, DicomObject pixels) {
    return with(object, pixels.pixelData().orElseThrow());
  }

  private static DicomObject with(DicomObject object, PixelData data) {
    return new FakeObject(
        object.file(), object.transferSyntaxUid(), object.attributes(), Optional.of(data));
  }

  private void fails(DicomObject object, int index, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decoder.decode(object, index))
        .withMessage(message);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.remaining()];
    buffer.get(bytes);
    return bytes;
  }

  private static String hash(ByteBuffer values) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(values);
      return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
