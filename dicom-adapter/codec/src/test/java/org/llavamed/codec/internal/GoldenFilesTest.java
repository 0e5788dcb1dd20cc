package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.contract.FakeObject;
import org.llavamed.contract.FakePixelData;
import org.llavamed.contract.StoredValuesSummary;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.StoredFrame;

/** The files of {@code golden}, whose values come from other implementations. */
final class GoldenFilesTest {
  private static final Path FOLDER = Path.of("src/test/resources/golden");

  private final FrameDecoder decoder = new PixelFrameDecoder();

  static List<String> rows() throws IOException {
    return Files.readAllLines(FOLDER.resolve("expected.tsv")).stream()
        .filter(line -> !line.startsWith("#"))
        .toList();
  }

  @ParameterizedTest
  @MethodSource("rows")
  void decodesToTheValuesOfOtherImplementations(String row) {
    String[] fields = row.split("\t", -1);
    DicomObject object = new Part10Reader().read(FOLDER.resolve(fields[0]));

    StoredValuesSummary found = StoredValuesSummary.of(decoder, object);

    assertThat(List.of(found.shape(), found.type(), found.sha256()))
        .containsExactly(fields[1], fields[2], fields[3]);
  }

  /** Neither an exception of another kind nor an endless loop, whatever the compressed bytes. */
  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void damagedFramesGiveNamedErrorsOrValues() throws IOException {
    long seed = 20260101;
    Random random = new Random(seed);
    int named = 0;
    for (String row : rows()) {
      DicomObject object = new Part10Reader().read(FOLDER.resolve(row.split("\t", -1)[0]));
      PixelData data = object.pixelData().orElseThrow();
      for (int i = 0; data.encapsulated() && i < 200; i++) {
        named += valuesOrError(object, damaged(data, random)).isPresent() ? 0 : 1;
      }
    }
    assertThat(named).as("errors among the damaged frames, seed %d", seed).isGreaterThan(100);
  }

  /** A codestream without bits below the stored ones has its values in the lowest, by any codec. */
  @ParameterizedTest
  @ValueSource(strings = {"jpeg-lossless-14-bits", "jpeg-ls-12-bits", "jpeg-12-extended"})
  void highBitMovesNoValuesThatAreAsWideAsBitsStored(String name) {
    DicomObject object = new Part10Reader().read(FOLDER.resolve(name + ".dcm"));
    DataSet header = DataSet.copyOf(object.attributes());
    header.putInts(Tag.HighBit, Vr.US, 15);
    FakeObject other =
        new FakeObject(object.file(), object.transferSyntaxUid(), header, object.pixelData());

    assertThat(decoder.decode(other, 0).values()).isEqualTo(decoder.decode(object, 0).values());
  }

  @Test
  @Timeout(value = 10, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void truncatedFramesGiveNamedErrorsOrTheValuesOfTheWholeFrame() throws IOException {
    int named = 0;
    for (String row : rows()) {
      DicomObject object = new Part10Reader().read(FOLDER.resolve(row.split("\t", -1)[0]));
      PixelData data = object.pixelData().orElseThrow();
      byte[] bytes = data.encapsulated() ? bytes(data) : new byte[0];
      for (int length = 0; length < bytes.length; length += 1 + bytes.length / 200) {
        FakePixelData start = FakePixelData.compressed(Arrays.copyOf(bytes, length));
        Optional<StoredFrame> values = valuesOrError(object, start);
        if (values.isPresent()) {
          assertThat(values.get().values())
              .as("%s cut at byte %d of %d", object.file(), length, bytes.length)
              .isEqualTo(decoder.decode(object, 0).values());
        } else {
          named++;
        }
      }
    }
    assertThat(named).as("errors among the truncated frames").isGreaterThan(5000);
  }

  private Optional<StoredFrame> valuesOrError(DicomObject object, FakePixelData data) {
    FakeObject other =
        new FakeObject(
            object.file(), object.transferSyntaxUid(), object.attributes(), Optional.of(data));
    try {
      return Optional.of(decoder.decode(other, 0));
    } catch (ImagingException e) {
      assertThat(e.getMessage()).contains(".dcm");
      return Optional.empty();
    }
  }

  private static FakePixelData damaged(PixelData data, Random random) {
    byte[] bytes = bytes(data);
    for (int i = 0; i < 1 + random.nextInt(4); i++) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
    }
    boolean cut = random.nextInt(4) == 0;
    int length = cut ? random.nextInt(bytes.length) : bytes.length;
    return FakePixelData.compressed(Arrays.copyOf(bytes, length));
  }

  private static byte[] bytes(PixelData data) {
    byte[] bytes = new byte[data.frame(0).remaining()];
    data.frame(0).get(bytes);
    return bytes;
  }
}
