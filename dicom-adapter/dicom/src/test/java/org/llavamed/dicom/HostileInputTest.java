package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;

/** Damaged bytes give an {@link ImagingException} or an object, and nothing else. */
final class HostileInputTest {
  private static final long SEED = 20260101;

  @TempDir Path folder;

  private final Part10Reader reader = new Part10Reader();

  private static DataSet sample() {
    DataSet deep = new DataSet().putString(Tag.CodeMeaning, Vr.LO, "é");
    for (int i = 0; i < 5; i++) {
      deep = new DataSet().putItems(Tag.ContentSequence, deep, new DataSet());
    }
    return deep.putString(Tag.SpecificCharacterSet, Vr.CS, "ISO_IR 192")
        .putString(Tag.SOPClassUID, Vr.UI, Uids.SecondaryCaptureImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.1")
        .putString(Tag.PatientName, Vr.PN, "Äneas^B=漢")
        .putInts(Tag.Rows, Vr.US, 2)
        .putString(Tag.NumberOfFrames, Vr.IS, "2")
        .putBytes(0x00091001, Vr.UN, new byte[] {1, 2, 3, 4});
  }

  private static Map<String, byte[]> samples() throws IOException {
    Map<String, byte[]> samples = new TreeMap<>();
    DataSet whole = sample().putBytes(Tag.PixelData, Vr.OW, new byte[8]);
    for (String syntax :
        List.of(
            Uids.ImplicitVRLittleEndian,
            Uids.ExplicitVRLittleEndian,
            Uids.ExplicitVRBigEndian,
            Uids.DeflatedExplicitVRLittleEndian)) {
      samples.put(syntax, bytes(whole, syntax));
    }
    ByteBuffer frame = ByteBuffer.wrap(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0});
    DataSet encapsulated = sample().putFragments(Tag.PixelData, List.of(frame, frame));
    samples.put(Uids.JPEGBaseline8Bit, bytes(encapsulated, Uids.JPEGBaseline8Bit));
    return samples;
  }

  private static byte[] bytes(DataSet dataSet, String syntax) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Part10Writer.write(dataSet, syntax, out);
    return out.toByteArray();
  }

  /** Reads everything there is; returns whether it was accepted. */
  private boolean accepts(byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve("a.dcm"), bytes);
    try {
      Part10Object object = reader.read(file);
      touch(object.attributes());
      object.pixelData().ifPresent(HostileInputTest::touch);
      object.whole();
      return true;
    } catch (ImagingException e) {
      assertThat(e.getMessage()).startsWith(file.toString()).endsWith(".");
      return false;
    }
  }

  private static void touch(DataSet dataSet) {
    for (int tag : dataSet.tags()) {
      dataSet.strings(tag);
      dataSet.numbers(tag);
      dataSet.items(tag).forEach(HostileInputTest::touch);
    }
    assertThat(dataSet.toString()).isNotNull();
  }

  private static void touch(PixelData pixels) {
    if (pixels.encapsulated()) {
      pixels.frame(0);
      pixels.frame(1);
    } else {
      pixels.slice(0, (int) pixels.length());
    }
  }

  @Test
  void aFileCutAtAnyByteIsReadOrNamed() throws IOException {
    for (Map.Entry<String, byte[]> sample : samples().entrySet()) {
      byte[] whole = sample.getValue();
      int accepted = 0;
      for (int length = 0; length < whole.length; length++) {
        accepted += accepts(Arrays.copyOf(whole, length)) ? 1 : 0;
      }
      assertThat(accepts(whole)).isTrue();
      // only a cut between two elements of the outermost level cannot be seen; in big endian the
      // zero that begins the next tag looks like padding
      assertThat(accepted).as(sample.getKey()).isLessThanOrEqualTo(20);
    }
  }

  @Test
  void flippedBytesGiveAnObjectOrANamedError() throws IOException {
    System.out.println("Seed of the flipped bytes: " + SEED);
    SplittableRandom random = new SplittableRandom(SEED);
    int accepted = 0;
    int refused = 0;
    for (byte[] whole : samples().values()) {
      for (int round = 0; round < 1000; round++) {
        byte[] damaged = whole.clone();
        for (int i = 0; i <= round % 4; i++) {
          damaged[128 + random.nextInt(damaged.length - 128)] = (byte) random.nextInt();
        }
        if (accepts(damaged)) {
          accepted++;
        } else {
          refused++;
        }
      }
    }
    assertThat(accepted).isPositive();
    assertThat(refused).isPositive();
  }

  @Test
  void deepNestingIsRefused() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(java.util.HexFormat.of().parseHex("080018005549060032 2e32352e31".replace(" ", "")));
    byte[] level = java.util.HexFormat.of().parseHex("400030a753510000fffffffffeff00e0ffffffff");
    for (int i = 0; i < 100_000; i++) {
      out.write(level);
    }
    Path file = Files.write(folder.resolve("deep.dcm"), out.toByteArray());
    assertThatThrownBy(() -> reader.read(file))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("Content Sequence (0040,A730) at offset")
        .hasMessageContaining("is nested deeper than 64 levels");
  }

  @Test
  void moreElementsThanTheHeapHoldsAreRefused() {
    Limits limits = new Limits(100, 2);
    limits.countElement("a.dcm", Tag.Rows);
    limits.countElement("a.dcm", Tag.Rows);
    assertThatThrownBy(() -> limits.countElement("a.dcm", Tag.Rows))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            "a.dcm: up to Rows (0028,0010) the object has more than 2 elements beside its pixel"
                + " data. Give the JVM more memory (-Xmx) if the file is sound.");
    limits.countBytes("a.dcm", Tag.Rows, 100);
    assertThatThrownBy(() -> limits.countBytes("a.dcm", Tag.Rows, 1))
        .hasMessageContaining("101 bytes of values, 100 fit");
  }

  @Test
  void aDeflateBombIsRefused() throws IOException {
    DataSet bomb = sample().putBytes(Tag.EncapsulatedDocument, Vr.OB, new byte[1 << 20]);
    byte[] file = bytes(bomb, Uids.DeflatedExplicitVRLittleEndian);
    assertThat(file.length).isLessThan(4000);
    int start = 144 + ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(140);
    var source = new org.llavamed.dicom.internal.MemorySource(ByteBuffer.wrap(file));
    assertThatThrownBy(
            () -> org.llavamed.dicom.internal.Inflation.inflate("a.dcm", source, start, 1000))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("inflates to more than 1000 bytes");
  }

  @Test
  void listsThatWouldFillTheHeapAreRefused() {
    Limits limits = new Limits(320, 10);
    limits.countValue("a.dcm", Tag.Rows, Vr.US, 10);
    limits.countValue("a.dcm", Tag.EncapsulatedDocument, Vr.OB, 200);
    assertThatThrownBy(() -> limits.countValue("a.dcm", Tag.Rows, Vr.US, 12))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            "a.dcm: Rows (0028,0010) has 12 bytes of texts or numbers, 10 fit. Give the JVM more"
                + " memory (-Xmx) if the file is sound.");
    assertThatThrownBy(() -> limits.countValue("a.dcm", Tag.ImageType, Vr.CS, 12))
        .hasMessageContaining("12 bytes of texts or numbers, 10 fit");
  }

  @Test
  void zerosThatAreNoPaddingAreLookedThroughOnce() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(bytes(sample(), Uids.ImplicitVRLittleEndian));
    out.write(new byte[1 << 21]);
    out.write(1);
    assertTimeoutPreemptively(
        Duration.ofSeconds(30), () -> assertThat(accepts(out.toByteArray())).isFalse());
  }

  @Test
  void fragmentsThatTogetherAreLargerThanTheMemoryAreRefused() throws IOException {
    int size = 1 << 26;
    int count = (int) (Runtime.getRuntime().maxMemory() / 2 / size) + 1;
    Path file = folder.resolve("fragments.dcm");
    Files.write(file, bytes(samplesOfOneFragment(), Uids.JPEGBaseline8Bit));
    ByteBuffer item = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
    item.putInt(0xE000FFFE).putInt(size);
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      long end = sparse.length() - 8;
      for (int i = 0; i < count; i++) {
        sparse.seek(end);
        sparse.write(item.array());
        end += 8 + size;
      }
      sparse.seek(end);
      sparse.write(java.util.HexFormat.of().parseHex("feffdde000000000"));
    }
    Part10Object object = reader.read(file);
    assertThatThrownBy(object::whole)
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("Pixel Data (7FE0,0010): Reading fragments of ")
        .hasMessageContaining("Give the JVM more memory (-Xmx)");
  }

  private static DataSet samplesOfOneFragment() {
    return sample().putFragments(Tag.PixelData, java.util.List.of(ByteBuffer.allocate(2)));
  }

  @Test
  void aFrameLargerThanTheMemoryIsRefused() throws IOException {
    long size = (1L << 30) + 2;
    Path file = folder.resolve("large.dcm");
    byte[] head = java.util.HexFormat.of().parseHex("0800180055490600322e32352e31");
    byte[] pixels = java.util.HexFormat.of().parseHex("e07f10004f420000");
    ByteBuffer header = ByteBuffer.allocate(head.length + pixels.length + 4);
    header.order(ByteOrder.LITTLE_ENDIAN).put(head).put(pixels).putInt((int) size);
    Files.write(file, header.array());
    try (RandomAccessFile sparse = new RandomAccessFile(file.toFile(), "rw")) {
      sparse.setLength(header.capacity() + size);
    }
    PixelData data = reader.read(file).pixelData().orElseThrow();
    assertThatThrownBy(() -> data.slice(0, (int) size))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("Pixel Data (7FE0,0010): A part of 1073741826 bytes, above the limit")
        .hasMessageContaining("or give the JVM more memory (-Xmx)");
  }
}
