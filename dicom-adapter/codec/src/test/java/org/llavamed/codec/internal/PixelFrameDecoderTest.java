package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;
import org.llavamed.contract.FakeObject;
import org.llavamed.contract.FakePixelData;
import org.llavamed.contract.FrameDecoderContract;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameSamples;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.SampleDecoder;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** What the decoder does with single attributes, and what it says of objects that are wrong. */
final class PixelFrameDecoderTest extends FrameDecoderContract {
  private static final String EXPLICIT = "1.2.840.10008.1.2.1";
  private static final String BIG_ENDIAN = "1.2.840.10008.1.2.2";
  private static final String RLE = "1.2.840.10008.1.2.5";
  private static final String ENCAPSULATED = "1.2.840.10008.1.2.1.98";
  private static final String DEFLATED_FRAMES = "1.2.840.10008.1.2.8.1";
  private static final String BASELINE = "1.2.840.10008.1.2.4.50";
  private static final String HEVC_10 = "1.2.840.10008.1.2.4.108";
  private static final String DAMAGED = "Export the object again, it was damaged on its way.";

  private final PixelFrameDecoder decoder = new PixelFrameDecoder();

  @Override
  protected FrameDecoder decoder() {
    return decoder;
  }

  @Test
  void extendsTheSignFromBitsStored() {
    FakeObject object =
        FakeObject.grey(EXPLICIT, 1, 2, 16, FakePixelData.littleEndian(0xFF, 0x0F, 0x01, 0xF0))
            .with(FakeObject.BITS_STORED, 12)
            .with(FakeObject.PIXEL_REPRESENTATION, 1);

    StoredFrame frame = decoder.decode(object, 0);

    assertThat(frame.type()).isEqualTo(SampleType.INT16);
    assertThat(shorts(frame)).containsExactly((short) -1, (short) 1);
  }

  @Test
  void keepsWhatStandsAboveBitsStoredOfUnsignedValues() {
    FakeObject object =
        FakeObject.grey(EXPLICIT, 1, 1, 16, FakePixelData.littleEndian(0xFF, 0xFF))
            .with(FakeObject.BITS_STORED, 12);

    assertThat(shorts(decoder.decode(object, 0))).containsExactly((short) 0xFFFF);
  }

  @Test
  void masksOverlayBitsOfTheWord() {
    FakeObject object =
        FakeObject.grey(EXPLICIT, 1, 1, 16, FakePixelData.littleEndian(0xFF, 0xFF))
            .with(FakeObject.BITS_STORED, 12)
            .with(0x60000100, 16)
            .with(0x60000102, 12)
            .with(0x60020100, 16)
            .with(0x60020102, 15);

    assertThat(shorts(decoder.decode(object, 0))).containsExactly((short) 0x6FFF);
  }

  @Test
  void keepsTheWordWhereTheOverlayHasDataOfItsOwn() {
    FakeObject object =
        FakeObject.grey(EXPLICIT, 1, 1, 16, FakePixelData.littleEndian(0xFF, 0xFF))
            .with(FakeObject.BITS_STORED, 12)
            .with(0x60000100, 16)
            .with(0x60000102, 12)
            .with(0x60003000, "data");

    assertThat(shorts(decoder.decode(object, 0))).containsExactly((short) 0xFFFF);
  }

  @Test
  void shiftsBitsBelowTheStoredOnesOut() {
    FakeObject object =
        FakeObject.grey(EXPLICIT, 1, 1, 16, FakePixelData.littleEndian(0xF7, 0xFF))
            .with(FakeObject.BITS_STORED, 12)
            .with(FakeObject.HIGH_BIT, 15);

    assertThat(shorts(decoder.decode(object, 0))).containsExactly((short) 0x0FFF);
  }

  @Test
  void swapsTheBytesOfBigEndianWordsThatHoldSingleBits() {
    FakeObject object =
        FakeObject.grey(BIG_ENDIAN, 1, 16, 1, FakePixelData.bigEndian("OW", 0x80, 0x01));

    assertThat(bytes(decoder.decode(object, 0)))
        .containsExactly(1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1);
  }

  @Test
  void takesFullChromaWhereTheDataIsLongEnoughForIt() {
    FakeObject object =
        FakeObject.grey(EXPLICIT, 1, 2, 8, FakePixelData.littleEndian(1, 2, 3, 4, 5, 6))
            .with(FakeObject.SAMPLES, 3)
            .with(FakeObject.PHOTOMETRIC, "YBR_FULL_422");

    assertThat(bytes(decoder.decode(object, 0))).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void takesFullChromaOfAnyShapeWhereTheDataIsLongEnoughForIt() {
    FakePixelData wide = FakePixelData.littleEndian(1, 0, 2, 0, 3, 0);
    FakePixelData odd = FakePixelData.littleEndian(1, 2, 3);

    assertThat(shorts(decoder.decode(ybr422(EXPLICIT, 1, 16, wide), 0)))
        .containsExactly((short) 1, (short) 2, (short) 3);
    assertThat(bytes(decoder.decode(ybr422(EXPLICIT, 1, 8, odd), 0))).containsExactly(1, 2, 3);
    fails(
        ybr422(EXPLICIT, 1, 8, FakePixelData.littleEndian(1, 2)),
        "x.dcm, frame 0: YBR_FULL_422 has 8 bits allocated, 3 samples and 1 columns, expected 8"
            + " bits, 3 samples and an even number of columns. "
            + DAMAGED);
  }

  @Test
  void tellsTheChromaOfEncapsulatedFramesByTheirLength() {
    byte[] full = {1, 2, 3, 4, 5, 6};
    byte[] half = {1, 4, 2, 3};

    for (String uid : List.of(ENCAPSULATED, DEFLATED_FRAMES)) {
      assertThat(bytes(decoder.decode(ybr422(uid, 2, 8, frame(uid, full)), 0)))
          .as(uid)
          .containsExactly(full);
      assertThat(bytes(decoder.decode(ybr422(uid, 2, 8, frame(uid, half)), 0)))
          .as(uid)
          .containsExactly(1, 2, 3, 4, 2, 3);
      fails(
          ybr422(uid, 2, 8, frame(uid, new byte[] {1, 4, 2})),
          "x.dcm, frame 0: The frame holds 3 bytes, expected 4. " + DAMAGED);
    }
  }

  private static FakeObject ybr422(String uid, int columns, int bits, FakePixelData data) {
    return FakeObject.grey(uid, 1, columns, bits, data)
        .with(FakeObject.SAMPLES, 3)
        .with(FakeObject.PHOTOMETRIC, "YBR_FULL_422");
  }

  private static FakePixelData frame(String uid, byte[] bytes) {
    if (!uid.equals(DEFLATED_FRAMES)) {
      return FakePixelData.compressed(bytes);
    }
    Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
    deflater.setInput(bytes);
    deflater.finish();
    byte[] deflated = new byte[64];
    int length = deflater.deflate(deflated);
    deflater.end();
    return FakePixelData.compressed(Arrays.copyOf(deflated, length));
  }

  @Test
  void doesNotCopyValuesThatNeedNoChange() {
    FakePixelData data = FakePixelData.littleEndian(1, 2);
    StoredFrame frame = decoder.decode(FakeObject.grey(EXPLICIT, 1, 2, 8, data), 0);

    data.frames().get(0).put(0, (byte) 9);

    assertThat(bytes(frame)).containsExactly(9, 2);
  }

  @Test
  void decodesRleOf32BitsMostSignificantByteFirst() {
    ByteBuffer rle = ByteBuffer.allocate(64 + 8).order(ByteOrder.LITTLE_ENDIAN);
    rle.putInt(4).putInt(64).putInt(66).putInt(68).putInt(70).position(64);
    rle.put(new byte[] {0, 1, 0, 2, 0, 3, 0, 4});

    StoredFrame frame =
        decoder.decode(FakeObject.grey(RLE, 1, 1, 32, FakePixelData.compressed(rle.array())), 0);

    assertThat(frame.values().getInt(0)).isEqualTo(0x01020304);
  }

  @Test
  void namesBothLengthsOfTruncatedPixelData() {
    FakeObject object =
        FakeObject.grey(EXPLICIT, 4, 4, 16, FakePixelData.littleEndian(1, 2, 3, 4))
            .with(FakeObject.FRAMES, 2);

    fails(
        object,
        "x.dcm, frame 0: Pixel Data holds 4 bytes, expected 64 = 2 frames x 4 rows x 4 columns"
            + " x 16 bits. "
            + DAMAGED);
  }

  @Test
  void doesNotOverflowOnTheLargestNumbersOfAHeader() {
    FakeObject object =
        FakeObject.grey(EXPLICIT, 4096, 4096, 32, FakePixelData.littleEndian(1, 2, 3, 4))
            .with(FakeObject.FRAMES, Integer.MAX_VALUE);

    fails(
        object,
        "x.dcm, frame 0: Pixel Data holds 4 bytes, expected 144115188008747008 = 2147483647 frames"
            + " x 4096 rows x 4096 columns x 32 bits. "
            + DAMAGED);
  }

  @Test
  void refusesAFrameAboveTheLimitBeforeAllocatingIt() {
    FakeObject object =
        FakeObject.grey(RLE, 65535, 65535, 32, FakePixelData.compressed(new byte[64]));

    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decoder.decode(object, 0))
        .withMessageStartingWith(
            "x.dcm, frame 0: A frame of 17179344900 bytes (65535 rows x 65535 columns x 1 samples),"
                + " above the limit of ");
  }

  @Test
  void refusesCompressedDataThatCannotHoldTheFrame() {
    for (String uid : List.of(RLE, DEFLATED_FRAMES, BASELINE)) {
      byte[] header = new byte[64];
      header[0] = 1;
      header[4] = 64;
      FakeObject object = FakeObject.grey(uid, 8192, 8192, 8, FakePixelData.compressed(header));

      fails(
          object,
          "x.dcm, frame 0: 64 bytes of compressed data cannot hold 67108864 values"
              + " (8192 rows x 8192 columns x 1 samples). "
              + DAMAGED);
    }
  }

  @Test
  void namesTheTransferSyntaxThatIsNotSupported() {
    fails(
        FakeObject.grey("1.2.840.10008.1.2.4.110", 1, 1, 8, FakePixelData.compressed((byte) 0)),
        "x.dcm: JPEG XL Lossless (1.2.840.10008.1.2.4.110) is not supported. Ask the sender for the"
            + " object in Explicit VR Little Endian (1.2.840.10008.1.2.1).");
    fails(
        FakeObject.grey("1.2.3", 1, 1, 8, FakePixelData.compressed((byte) 0)),
        "x.dcm: Unknown transfer syntax (1.2.3) is not supported. Ask the sender for the object in"
            + " Explicit VR Little Endian (1.2.840.10008.1.2.1).");
  }

  @Test
  void namesTheBundleThatIsMissing() {
    fails(
        FakeObject.grey("1.2.840.10008.1.2.4.103.1", 1, 1, 8, FakePixelData.compressed((byte) 0)),
        "x.dcm, frame 0: Fragmentable MPEG-4 AVC/H.264 BD-compatible High Profile / Level 4.1"
            + " (1.2.840.10008.1.2.4.103.1), without the bundle org.llavamed.ffmpeg, is not"
            + " supported. Copy the jar of that bundle into the folder 'bundles' of the"
            + " distribution (docs/ffmpeg.md says how to build it).");
  }

  @Test
  void takesSamplesOfAnotherBundleAndKeepsTheSignOfTheObject() {
    FakeObject object =
        FakeObject.grey(HEVC_10, 1, 2, 16, FakePixelData.compressed((byte) 0))
            .with(FakeObject.BITS_STORED, 10)
            .with(FakeObject.PIXEL_REPRESENTATION, 1);
    PixelFrameDecoder contributed =
        new PixelFrameDecoder(List.of(new FixedSamples(new byte[] {(byte) 0xFF, 3, 2, 0})));

    assertThat(shorts(contributed.decode(object, 0))).containsExactly((short) -1, (short) 2);
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> contributed.decode(object.with(FakeObject.COLUMNS, 3), 0))
        .withMessage(
            "x.dcm, frame 0: The compressed frame is 1 x 2 x 1 (rows x columns x samples) of 10"
                + " bits, the object says 1 x 3 x 1 of 16. "
                + DAMAGED);
  }

  /** A decoder of one row of two values. */
  private record FixedSamples(ByteBuffer values) implements SampleDecoder {
    FixedSamples(byte[] values) {
      this(ByteBuffer.wrap(values));
    }

    @Override
    public Set<String> transferSyntaxes() {
      return Set.of(HEVC_10);
    }

    @Override
    public FrameSamples decode(DicomObject object, int index) {
      return new FrameSamples(1, 2, 1, 10, values);
    }
  }

  @Test
  void namesAnObjectWithoutPixels() {
    DicomObject object = FakeObject.grey(EXPLICIT, 1, 1, 8, FakePixelData.littleEndian(1));
    fails(
        new FakeObject(
            object.file(), object.transferSyntaxUid(), object.attributes(), Optional.empty()),
        "x.dcm: The object has no Pixel Data (7FE0,0010). Give an image, this object cannot be"
            + " shown.");
  }

  @Test
  void namesAFrameThatIsNotThere() {
    FakeObject object = FakeObject.grey(EXPLICIT, 1, 1, 8, FakePixelData.littleEndian(1));

    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decoder.decode(object, 1))
        .withMessage(
            "x.dcm: Frame 1 was asked for, the object has frames 0 to 0. Ask for one of these.");
  }

  @Test
  void namesPixelDataThatContradictsTheTransferSyntax() {
    fails(
        FakeObject.grey(RLE, 1, 1, 8, FakePixelData.littleEndian(1)),
        "x.dcm: Pixel Data is native, which contradicts the transfer syntax RLE Lossless"
            + " (1.2.840.10008.1.2.5). Correct the Transfer Syntax UID (0002,0010) or export the"
            + " object again.");
  }

  @Test
  void namesBitsAllocatedThatAreNotSupported() {
    fails(
        FakeObject.grey(EXPLICIT, 1, 1, 12, FakePixelData.littleEndian(1, 2)),
        "x.dcm, frame 0: Bits Allocated (0028,0100) of 12 is not supported. Use an object with 1,"
            + " 8, 16 or 32.");
  }

  @Test
  void namesWhatIsWrongWithAnRleFrame() {
    byte[] twoSegments = new byte[66];
    twoSegments[0] = 2;
    fails(
        FakeObject.grey(RLE, 1, 1, 8, FakePixelData.compressed(twoSegments)),
        "x.dcm, frame 0: The RLE header names 2 segments, expected 1 = samples x bytes of each. "
            + DAMAGED);

    byte[] outside = new byte[66];
    outside[0] = 1;
    outside[4] = 67;
    fails(
        FakeObject.grey(RLE, 1, 1, 8, FakePixelData.compressed(outside)),
        "x.dcm, frame 0: RLE segment 0 begins at 67, expected 64 to 66. " + DAMAGED);

    byte[] tooShort = new byte[66];
    tooShort[0] = 1;
    tooShort[4] = 64;
    tooShort[64] = -2;
    fails(
        FakeObject.grey(RLE, 2, 2, 8, FakePixelData.compressed(tooShort)),
        "x.dcm, frame 0: RLE segment 0 unpacks to 3 bytes, expected 4. " + DAMAGED);
  }

  @Test
  void namesWhatIsWrongWithADeflatedFrame() {
    fails(
        FakeObject.grey(DEFLATED_FRAMES, 1, 1, 8, FakePixelData.compressed((byte) 0xFF)),
        "x.dcm, frame 0: The frame is no deflate stream (invalid block type). " + DAMAGED);
    fails(
        FakeObject.grey(DEFLATED_FRAMES, 1, 1, 8, FakePixelData.compressed((byte) 3, (byte) 0)),
        "x.dcm, frame 0: The frame holds 0 bytes, expected 1. " + DAMAGED);
  }

  private void fails(DicomObject object, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decoder.decode(object, 0))
        .withMessage(message);
  }

  private static byte[] bytes(StoredFrame frame) {
    byte[] bytes = new byte[frame.values().remaining()];
    frame.values().get(bytes);
    return bytes;
  }

  private static short[] shorts(StoredFrame frame) {
    short[] values = new short[frame.values().remaining() / 2];
    frame.values().asShortBuffer().get(values);
    return values;
  }
}
