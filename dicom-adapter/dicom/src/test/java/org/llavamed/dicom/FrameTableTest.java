package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.llavamed.dicom.internal.ByteReader;
import org.llavamed.imaging.ImagingException;

final class FrameTableTest {
  private static final byte[] JPEG = {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 1};
  private static final byte[] J2K = {(byte) 0xFF, 0x4F, (byte) 0xFF, 0x51};
  private static final byte[] REST = {9, 9};

  private static ByteBuffer offsets(int... offsets) {
    ByteBuffer table = ByteBuffer.allocate(4 * offsets.length).order(ByteOrder.LITTLE_ENDIAN);
    for (int offset : offsets) {
      table.putInt(offset);
    }
    return table.flip();
  }

  private static DataSet frames(int count) {
    return new DataSet().putInts(Tag.NumberOfFrames, Vr.IS, count);
  }

  private CountingSource counted = new CountingSource(ByteBuffer.allocate(0));

  private StoredPixels pixels(DataSet dataSet, ByteBuffer table, byte[]... fragments) {
    int length = Stream.of(fragments).mapToInt(fragment -> fragment.length + 8).sum();
    ByteBuffer bytes = ByteBuffer.allocate(length);
    Fragments list = new Fragments();
    for (byte[] fragment : fragments) {
      bytes.putLong(0).put(fragment);
      list.add(bytes.position() - fragment.length, fragment.length);
    }
    PixelRegion region =
        new PixelRegion(Tag.PixelData, Vr.OB, ByteOrder.LITTLE_ENDIAN, 0, 0, table, list);
    counted = new CountingSource(bytes.flip());
    return new StoredPixels("a.dcm", counted, region, dataSet);
  }

  private static ByteBuffer joined(byte[]... parts) {
    ByteBuffer joined = ByteBuffer.allocate(100);
    for (byte[] part : parts) {
      joined.put(part);
    }
    return joined.flip();
  }

  @Test
  void theBasicOffsetTableRules() {
    StoredPixels pixels = pixels(frames(2), offsets(0, 22), REST, JPEG, J2K, REST);
    assertThat(pixels.frame(0)).isEqualTo(joined(REST, JPEG));
    assertThat(pixels.frame(1)).isEqualTo(joined(J2K, REST));
    assertThat(pixels.length()).isEqualTo(12);
  }

  @Test
  void theExtendedOffsetTableRulesAndCutsPadding() {
    ByteBuffer offsets = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    offsets.putLong(0).putLong(12);
    ByteBuffer lengths = ByteBuffer.allocate(16).order(ByteOrder.LITTLE_ENDIAN);
    lengths.putLong(3).putLong(4);
    DataSet dataSet =
        frames(2)
            .putBytes(Tag.ExtendedOffsetTable, Vr.OV, offsets.flip())
            .putBytes(Tag.ExtendedOffsetTableLengths, Vr.OV, lengths.flip());
    StoredPixels pixels = pixels(dataSet, offsets(), JPEG, J2K);
    assertThat(pixels.frame(0)).isEqualTo(ByteBuffer.wrap(JPEG, 0, 3));
    assertThat(pixels.frame(1)).isEqualTo(ByteBuffer.wrap(J2K));
  }

  @Test
  void aSingleFrameTakesAllFragments() {
    assertThat(pixels(new DataSet(), offsets(), JPEG, REST, REST).frame(0))
        .isEqualTo(joined(JPEG, REST, REST));
  }

  @Test
  void withoutTableEachFragmentIsAFrame() {
    StoredPixels pixels = pixels(frames(2), offsets(), REST, JPEG);
    assertThat(pixels.frame(1)).isEqualTo(joined(JPEG));
  }

  @Test
  void withoutTableMarkersStartFrames() {
    StoredPixels pixels = pixels(frames(2), offsets(), JPEG, REST, J2K, REST, REST);
    assertThat(pixels.frame(0)).isEqualTo(joined(JPEG, REST));
    assertThat(pixels.frame(1)).isEqualTo(joined(J2K, REST, REST));
  }

  @Test
  void aWrongTableYieldsToOneFragmentAFrame() {
    StoredPixels pixels = pixels(frames(2), offsets(0, 13), JPEG, J2K);
    assertThat(pixels.frame(1)).isEqualTo(joined(J2K));
  }

  @Test
  void aTableThatContradictsTheFragmentsIsNamed() {
    StoredPixels pixels = pixels(frames(2), offsets(0, 13), REST, REST, REST);
    assertThatThrownBy(() -> pixels.frame(0))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            "a.dcm, Pixel Data (7FE0,0010): 2 frames lie in 3 fragments, and neither offset table"
                + " nor start markers tell which. Export the object again with a correct basic"
                + " offset table.");
  }

  @Test
  void framesThatAreNotThereAreNamed() {
    StoredPixels pixels = pixels(frames(2), offsets(), JPEG, JPEG);
    assertThatThrownBy(() -> pixels.frame(2))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("frame 2 was asked for, the object has frames 0 to 1");
    assertThatThrownBy(() -> pixels(frames(1), offsets()).frame(0))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("there are no fragments");
    assertThatThrownBy(() -> pixels.slice(0, 1)).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aStreamIsReadAcrossFragments() {
    StoredPixels pixels = pixels(frames(1), offsets(), JPEG, new byte[0], REST, J2K);
    assertThat(pixels.stream(3, 5)).isEqualTo(joined(new byte[] {1}, REST, Arrays.copyOf(J2K, 2)));
    assertThat(pixels.stream(10, 0).remaining()).isZero();
    assertThatThrownBy(() -> pixels.stream(8, 3))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("3 bytes at offset 8 were asked for, the value has 10");
  }

  @Test
  void aFrameIsReadWithoutTheOthers() {
    byte[] large = new byte[20_000];
    byte[] start = Arrays.copyOf(JPEG, 20_000);
    byte[][] fragments = {start, large, start, large, start, large, start, large};
    ByteBuffer extended = ByteBuffer.allocate(32).order(ByteOrder.LITTLE_ENDIAN);
    extended.putLong(0).putLong(40_016).putLong(80_032).putLong(120_048);
    DataSet table = frames(4).putBytes(Tag.ExtendedOffsetTable, Vr.OV, extended.flip());

    assertThat(bytesOfFrame2(pixels(table, offsets(), fragments))).isEqualTo(40_000);
    assertThat(bytesOfFrame2(pixels(frames(4), offsets(0, 40_016, 80_032, 120_048), fragments)))
        .isEqualTo(40_000);
    assertThat(bytesOfFrame2(pixels(frames(8), offsets(), fragments))).isEqualTo(20_000);
    assertThat(bytesOfFrame2(pixels(frames(4), offsets(), fragments)))
        .as("with 3 bytes of each of 8 fragments")
        .isEqualTo(40_024);
  }

  private long bytesOfFrame2(StoredPixels pixels) {
    assertThat(pixels.frame(2).get(0)).isEqualTo((byte) 0xFF);
    return counted.bytes();
  }

  @Test
  void startsOfSmallFragmentsAreReadTogether() {
    byte[][] fragments = new byte[400_000][];
    Arrays.setAll(fragments, i -> i % 2 == 0 ? JPEG : REST);
    StoredPixels pixels = pixels(frames(200_000), offsets(), fragments);

    assertThat(pixels.frame(199_999)).isEqualTo(joined(JPEG, REST));
    assertThat(counted.reads()).as("of 4 KiB, for 4.4 MB of fragments").isLessThan(1200);
  }

  @Test
  void headersOfFragmentsAreParsedWithoutWhatTheyHold() throws IOException {
    ByteBuffer object = ByteBuffer.allocate(3_000_000).order(ByteOrder.LITTLE_ENDIAN);
    object.putInt(0x00107FE0).putInt(0x0000424F).putInt(-1).putLong(0xE000FFFEL);
    for (int i = 0; i < 100; i++) {
      object.putInt(0xE000FFFE).putInt(20_000).position(object.position() + 20_000);
    }
    object.putLong(0xE0DDFFFEL);
    CountingSource source = new CountingSource(object.flip());
    DataSetParser parser = new DataSetParser(new ByteReader(source), "a.dcm", Limits.ofHeap());
    parser.dataSet(Encoding.EXPLICIT);

    PixelRegion region = Objects.requireNonNull(parser.pixels());
    assertThat(region.fragments().count()).isEqualTo(100);
    assertThat(region.fragments().length()).isEqualTo(2_000_000);
    assertThat(source.bytes()).as("of 2 MB").isLessThan(50_000);
  }
}
