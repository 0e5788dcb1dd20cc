package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.llavamed.contract.FakeObject;
import org.llavamed.contract.FakePixelData;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/**
 * Lossless JPEG streams built by hand: 2 x 2 samples, a table with codes 0 (no difference) and 10
 * (3 bits). What pictures decode to is held by {@link GoldenFilesTest}.
 */
final class LosslessJpegFramesTest {
  private static final String LOSSLESS = "1.2.840.10008.1.2.4.57";
  private static final String DAMAGED = "Export the object again, it was damaged on its way.";
  private static final String TABLE = "FFC4 0015 00 01010000 00000000 00000000 00000000 00 03";
  private static final String FRAME = "FFC3 000B 08 0002 0002 01 01 11 00";
  private static final String SCAN = "FFDA 0008 01 01 00 01 00 00";

  /** A difference of 6, then three of 0. */
  private static final String DATA = "B0";

  private static final String COLOURS = "FFC3 0011 08 0002 0002 03 01 11 00 02 11 00 03 11 00";

  @Test
  void aFirstDifferenceIsCarriedAlong() {
    assertThat(values("FFD8" + TABLE + FRAME + SCAN + DATA + "FFD9")).containsOnly(134);
  }

  @Test
  void aPointTransformShiftsTheValues() {
    String shifted = "FFDA 0008 01 01 00 01 00 02";

    assertThat(values("FFD8" + TABLE + FRAME + shifted + DATA + "FFD9"))
        .containsOnly(((128 >> 2) + 6) << 2);
  }

  @Test
  void everyRestartBeginsWithTheFirstPrediction() {
    String interval = "FFDD 0004 0002";

    assertThat(values("FFD8" + TABLE + interval + FRAME + SCAN + "B0 FFD0 00 FFD9"))
        .containsExactly(134, 134, 128, 128);
  }

  @Test
  void aMissingEndOfImageIsForgiven() {
    assertThat(values("FFD8" + TABLE + FRAME + SCAN + DATA)).containsOnly(134);
  }

  @Test
  void namesWhatContradictsTheObject() {
    fails(
        "FFD8" + TABLE + "FFC3 000B 08 FFFF FFFF 01 01 11 00" + SCAN + DATA,
        "The JPEG frame is 65535 x 65535 x 1 (rows x columns x samples), the object says 2 x 2 x"
            + " 1. "
            + DAMAGED);
    fails(
        "FFD8" + TABLE + "FFC3 000B 10 0002 0002 01 01 11 00" + SCAN + DATA,
        "The JPEG frame has 16 bits a sample, expected 2 to 8, the object has 8 bits allocated. "
            + DAMAGED);
    fails("FFD8" + FRAME + FRAME, "The JPEG data has two frame headers. " + DAMAGED);
  }

  @Test
  void namesDataThatEndsEarly() {
    fails(
        "FFD8" + TABLE + FRAME + SCAN + "FFD9",
        "The JPEG data ends in row 0, expected 2 rows. " + DAMAGED);
  }

  @Test
  void namesACodeThatIsNotInTheTable() {
    fails(
        "FFD8" + TABLE + FRAME + SCAN + "F0F0 FFD9",
        "The JPEG data has a code near byte 50 that is not in its Huffman table. " + DAMAGED);
  }

  @Test
  void namesATableThatIsMissing() {
    fails(
        "FFD8" + FRAME + SCAN + DATA,
        "The JPEG data names a Huffman table that it does not define. " + DAMAGED);
  }

  @Test
  void namesAScanThatIsNotAllowed() {
    fails(
        "FFD8" + TABLE + SCAN + DATA,
        "The JPEG data has a scan before its frame header. " + DAMAGED);
    fails(
        "FFD8" + TABLE + FRAME + "FFDA 0008 01 01 00 00 00 08" + DATA,
        "JPEG segment FFDA before byte 48 is damaged (predictor 0 and point transform 8, expected"
            + " 1 to 7 and less than 8). "
            + DAMAGED);
    fails(
        "FFD8" + TABLE + FRAME + "FFDA 0008 01 07 00 01 00 00" + DATA,
        "JPEG segment FFDA before byte 48 is damaged (component 7 is not in the frame). "
            + DAMAGED);
    fails(
        "FFD8" + TABLE + FRAME + "FFDA 0008 02 01 00 01 00 00" + DATA,
        "JPEG segment FFDA before byte 48 is damaged (2 components, expected 1 to 1). " + DAMAGED);
    fails(
        "FFD8" + TABLE + FRAME + SCAN + DATA + SCAN + DATA,
        "JPEG segment FFDA before byte 59 is damaged (component 0 of the frame has a second scan). "
            + DAMAGED);
    fails("FFD8" + TABLE + FRAME, "The JPEG data has no scan of component 0. " + DAMAGED);
    fails(
        "FFD8" + TABLE + "FFDD 0004 0003" + FRAME + SCAN + DATA,
        "JPEG segment FFDA before byte 54 is damaged (a restart interval of 3, expected whole rows"
            + " of 2). "
            + DAMAGED);
  }

  @Test
  void namesARestartMarkerThatIsMissing() {
    fails(
        "FFD8" + TABLE + "FFDD 0004 0002" + FRAME + SCAN + "B0 FFD3 00",
        "The JPEG data has no restart marker RST0 at byte 55. " + DAMAGED);
  }

  @Test
  void namesComponentsThatAreNotAllowed() {
    failsInColour(
        "FFD8" + COLOURS.replace("02 11", "01 11") + SCAN + DATA,
        "JPEG segment FFC3 before byte 21 is damaged (component 1 stands there twice). " + DAMAGED);
    failsInColour(
        "FFD8" + TABLE + COLOURS + "FFDA 000A 02 01 00 01 00 01 00 00" + DATA,
        "JPEG segment FFDA before byte 56 is damaged (component 1 stands there twice). " + DAMAGED);
    failsInColour(
        "FFD8" + COLOURS.replace("01 11", "01 21") + SCAN + DATA,
        "Lossless JPEG with subsampled components is not supported. Convert the file with"
            + " 'gdcmconv --raw' of GDCM first.");
  }

  @Test
  void namesAFrameOfAnotherProcess() {
    fails(
        "FFD8 FFC0 000B 08 0002 0002 01 01 11 00",
        "A JPEG frame of type FFC0, which is not that of the transfer syntax, is not supported."
            + " Convert the file with 'gdcmconv --raw' of GDCM first.");
  }

  @Test
  void namesTooFewBytesForTheFrame() {
    FakeObject large =
        FakeObject.grey(LOSSLESS, 9000, 9000, 8, FakePixelData.compressed(new byte[9]));

    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> new PixelFrameDecoder().decode(large, 0))
        .withMessage(
            "x.dcm, frame 0: 9 bytes of compressed data cannot hold 81000000 values (9000 rows x"
                + " 9000 columns x 1 samples). "
                + DAMAGED);
  }

  private static int[] values(String hex) {
    StoredFrame frame = new PixelFrameDecoder().decode(object(hex), 0);
    int[] values = new int[frame.values().remaining()];
    for (int i = 0; i < values.length; i++) {
      values[i] = frame.values().get(i) & 0xFF;
    }
    return values;
  }

  private static FakeObject object(String hex) {
    byte[] stream = HexFormat.of().parseHex(hex.replace(" ", ""));
    return FakeObject.grey(LOSSLESS, 2, 2, 8, FakePixelData.compressed(stream));
  }

  private static void fails(String hex, String message) {
    fails(object(hex), message);
  }

  private static void failsInColour(String hex, String message) {
    fails(object(hex).with(FakeObject.SAMPLES, 3).with(FakeObject.PHOTOMETRIC, "RGB"), message);
  }

  private static void fails(FakeObject object, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> new PixelFrameDecoder().decode(object, 0))
        .withMessage("x.dcm, frame 0: " + message);
  }
}
