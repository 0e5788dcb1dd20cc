package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.llavamed.contract.FakeObject;
import org.llavamed.contract.FakePixelData;
import org.llavamed.contract.StoredValuesSummary;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/** The codestreams of {@code jpeg2000}, as they are and damaged. */
final class J2kFramesTest {
  private static final Path FOLDER = Path.of("src/test/resources/jpeg2000");
  private static final String DAMAGED = ". Export the object again, it was damaged on its way.";
  private static final int MUTANTS_A_FILE = 250;

  private final PixelFrameDecoder decoder = new PixelFrameDecoder();

  static List<String> rows() throws IOException {
    return Files.readAllLines(FOLDER.resolve("expected.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void decodesToTheValuesOfOpenJpeg(String row) throws IOException {
    String[] fields = row.split("\t", -1);
    DicomObject object = new Part10Reader().read(FOLDER.resolve(fields[0]));

    StoredValuesSummary found = StoredValuesSummary.of(decoder, object);

    Path lossy = FOLDER.resolve(fields[0].replace(".dcm", ".bin"));
    assertThat(List.of(found.shape(), found.type())).containsExactly(fields[1], fields[2]);
    if (Files.exists(lossy)) {
      assertThat(difference(decoder.decode(object, 0), Files.readAllBytes(lossy)))
          .as("of two decoders that round differently")
          .isLessThanOrEqualTo(1);
    } else {
      assertThat(found.sha256()).isEqualTo(fields[3]);
    }
  }

  private static int difference(StoredFrame frame, byte[] expected) {
    ByteBuffer values = frame.values();
    assertThat(values.remaining()).isEqualTo(expected.length);
    int most = 0;
    for (byte value : expected) {
      most = Math.max(most, Math.abs((values.get() & 0xFF) - (value & 0xFF)));
    }
    return most;
  }

  /** Neither an exception of another kind nor an endless loop, whatever the compressed bytes. */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedStreamsGiveNamedErrorsOrValues() throws IOException {
    long seed = 20260103;
    System.out.println("Seed of the damaged JPEG 2000 streams: " + seed);
    Random random = new Random(seed);
    int named = 0;
    for (String row : rows()) {
      DicomObject object = new Part10Reader().read(FOLDER.resolve(row.split("\t", -1)[0]));
      byte[] whole = bytes(object);
      for (int i = 0; i < MUTANTS_A_FILE; i++) {
        byte[] mutant = mutant(whole, random);
        try {
          decoder.decode(with(object, mutant), 0);
        } catch (ImagingException e) {
          assertThat(e.getMessage()).contains(".dcm").endsWith(".");
          named++;
        }
      }
    }
    assertThat(named).as("errors among the damaged streams").isGreaterThan(1000);
  }

  /** Changes some bytes, half of the time in the headers, and cuts or lengthens some streams. */
  private static byte[] mutant(byte[] whole, Random random) {
    byte[] bytes = whole.clone();
    int range = random.nextBoolean() ? Math.min(bytes.length, 140) : bytes.length;
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      int at = random.nextInt(range);
      bytes[at] =
          (byte) (random.nextBoolean() ? random.nextInt(256) : bytes[at] ^ 1 << random.nextInt(8));
    }
    boolean cut = random.nextInt(4) == 0;
    return cut ? Arrays.copyOf(bytes, random.nextInt(2 * bytes.length)) : bytes;
  }

  @Test
  void namesAStreamThatIsNoCodestream() {
    fails(
        new byte[] {0, 0, 0, 0},
        "The frame does not begin with the JPEG 2000 marker FF4F" + DAMAGED);
    byte[] box = {0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20, 0, 0, 0, 0};
    fails(box, "The JP2 file has no codestream" + DAMAGED);
    box[3] = 13;
    fails(box, "JP2 box at byte 0 has a length of 13, 12 bytes are left" + DAMAGED);
  }

  @Test
  void namesASizeThatContradictsTheObject() {
    fails(
        patched(11, 44),
        "The JPEG 2000 image is 37 x 44 x 1 (rows x columns x samples), the object says 37 x 43 x 1"
            + DAMAGED);
    fails(
        patched(42, 8),
        "The JPEG 2000 component has 9 bits a sample, the object allocates 8 and 16 are the most"
            + DAMAGED);
    fails(
        patched(43, 2),
        "A JPEG 2000 component of sampling 2 x 1 is not supported. Ask the sender for components of"
            + " full size, as PS3.5 section 8.2.4 has them.");
  }

  @Test
  void namesTilesThatAreNotThere() {
    fails(patched(27, 16), "The JPEG 2000 data has 1 of 3 tiles" + DAMAGED);
    byte[] tiny = patched(27, 1);
    tiny[31] = 1;
    fails(tiny, "The JPEG 2000 image has 1591 tiles, 1408 bytes cannot hold them" + DAMAGED);
  }

  @Test
  void namesATilePartThatEndsEarly() {
    byte[] whole = grey();
    fails(
        Arrays.copyOf(whole, 600),
        "The part of tile 0 at byte 119 has a length of 1286, the JPEG 2000 data ends at byte 600"
            + DAMAGED);
  }

  @Test
  void refusesMorePacketsThanTheDataCanHold() {
    byte[] layers = grey();
    layers[51] = (byte) 0xFF;
    layers[52] = (byte) 0xFF;
    fails(
        layers,
        "The JPEG 2000 image has 393210 packets, %d bytes of data cannot hold them"
                .formatted(layers.length)
            + DAMAGED);
  }

  @Test
  void refusesMoreMemoryThanTheJvmHas() {
    ByteBuffer stream = ByteBuffer.wrap(Arrays.copyOf(grey(), 400_000));
    for (int at : new int[] {8, 12, 24, 28}) {
      stream.putInt(at, 2000);
    }
    stream.putShort(51, (short) 0xFFFF).putShort(55, (short) 0);
    FakeObject object =
        FakeObject.grey(
            "1.2.840.10008.1.2.4.90", 2000, 2000, 8, FakePixelData.compressed(stream.array()));

    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decoder.decode(object, 0))
        .withMessageContaining("A JPEG 2000 image that takes ")
        .withMessageContaining("Give the JVM more memory (-Xmx)");
  }

  @Test
  void namesCodingParametersOutOfRange() {
    fails(
        patched(54, 33),
        "The JPEG 2000 header near byte 59 is damaged (33 levels, code-blocks of 2^6 x 2^6)"
            + DAMAGED);
    fails(
        patched(53, 1),
        "The JPEG 2000 header near byte 59 is damaged (a colour transform of components that differ)"
            + DAMAGED);
  }

  private static DicomObject grey8() {
    return new Part10Reader().read(FOLDER.resolve("grey-8.dcm"));
  }

  private static byte[] grey() {
    return bytes(grey8());
  }

  private static byte[] patched(int at, int value) {
    byte[] bytes = grey();
    bytes[at] = (byte) value;
    return bytes;
  }

  private static byte[] bytes(DicomObject object) {
    ByteBuffer frame = object.pixelData().orElseThrow().frame(0);
    byte[] bytes = new byte[frame.remaining()];
    frame.get(bytes);
    return bytes;
  }

  private static FakeObject with(DicomObject object, byte[] stream) {
    return new FakeObject(
        object.file(),
        object.transferSyntaxUid(),
        object.attributes(),
        Optional.of(FakePixelData.compressed(stream)));
  }

  private void fails(byte[] stream, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decoder.decode(with(grey8(), stream), 0))
        .satisfies(
            e ->
                assertThat(Objects.requireNonNull(e.getMessage()).replaceFirst(".*, frame 0: ", ""))
                    .isEqualTo(message));
  }
}
