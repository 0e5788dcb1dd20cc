package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavamed.dicom.internal.MemorySource;
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

  private static StoredPixels pixels(DataSet dataSet, ByteBuffer table, byte[]... fragments) {
    ByteBuffer bytes = ByteBuffer.allocate(1000);
    List<PixelRegion.Fragment> list = new ArrayList<>();
    for (byte[] fragment : fragments) {
      int start = bytes.position();
      bytes.putLong(0).put(fragment);
      list.add(new PixelRegion.Fragment(start, start + 8L, fragment.length));
    }
    PixelRegion region =
        new PixelRegion(Tag.PixelData, Vr.OB, ByteOrder.LITTLE_ENDIAN, 0, 0, table, list);
    return new StoredPixels("a.dcm", new MemorySource(bytes.flip()), region, dataSet);
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
}
