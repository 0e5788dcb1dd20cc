package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.llavamed.contract.FakeObject;
import org.llavamed.contract.FakePixelData;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/**
 * JPEG-LS streams built by hand: 4 x 4 samples that are all zero, coded as nine bits of runs. What
 * pictures decode to is held by {@link GoldenFilesTest}.
 */
final class JpegLsFramesTest {
  private static final String LOSSLESS = "1.2.840.10008.1.2.4.80";
  private static final String DAMAGED = "Export the object again, it was damaged on its way.";
  private static final String ADVICE =
      " is not supported. Convert the file with 'gdcmconv --raw' of GDCM first.";
  private static final String FRAME = "FFF7 000B 08 0004 0004 01 01 11 00";
  private static final String SCAN = "FFDA 0008 01 01 00 00 00 00";

  /** Nine ones; a zero is stuffed behind the eighth. */
  private static final String DATA = "FF40";

  @Test
  void runsGrowWithTheirNumber() {
    assertThat(values("FFD8" + FRAME + SCAN + DATA + "FFD9")).hasSize(16).containsOnly(0);
  }

  @Test
  void aMissingEndOfImageIsForgiven() {
    assertThat(values("FFD8" + FRAME + SCAN + DATA)).containsOnly(0);
  }

  @Test
  void aRestartIntervalOfFourBytesCountsRows() {
    String interval = "FFDD 0006 00000002";

    assertThat(values("FFD8" + interval + FRAME + SCAN + "FC FFD0 FC FFD9")).containsOnly(0);
  }

  @Test
  void namesWhatContradictsTheObject() {
    fails(
        "FFD8 FFF7 000B 08 FFFF FFFF 01 01 11 00" + SCAN + DATA,
        "The JPEG frame is 65535 x 65535 x 1 (rows x columns x samples), the object says 4 x 4 x"
            + " 1. "
            + DAMAGED);
    fails("FFD8" + FRAME + FRAME, "The JPEG data has two frame headers. " + DAMAGED);
    fails("FFD8" + FRAME, "The JPEG data has no scan of component 0. " + DAMAGED);
  }

  @Test
  void namesDataThatEndsEarly() {
    fails(
        "FFD8" + FRAME + SCAN + "FFD9",
        "The JPEG-LS data ends in row 0, expected 4 rows. " + DAMAGED);
    fails(
        "FFD8" + FRAME + SCAN + "F0 FFD9",
        "The JPEG-LS data ends in row 1, expected 4 rows. " + DAMAGED);
  }

  @Test
  void namesARunThatEndsBehindItsRow() {
    fails(
        FakeObject.grey(
            LOSSLESS,
            5,
            3,
            8,
            compressed("FFD8 FFF7 000B 08 0005 0003 01 01 11 00" + SCAN + "FF6C FFD9")),
        "A run of the JPEG-LS data ends behind its row. " + DAMAGED);
  }

  @Test
  void namesAnErrorThatNoEncoderMakes() {
    byte[] head = bytes("FFD8 FFF7 000B 10 0040 0040 01 01 11 00" + SCAN);
    byte[] stream = new byte[40000];
    new Random(20260101).nextBytes(stream);
    for (int i = 0; i < stream.length; i++) {
      stream[i] &= 0x11; // long unary parts, so large errors
    }
    System.arraycopy(head, 0, stream, 0, head.length);

    fails(
        FakeObject.grey(LOSSLESS, 64, 64, 16, FakePixelData.compressed(stream)),
        "The JPEG-LS data has an error that no encoder makes in row 0, expected 64 rows. "
            + DAMAGED);
  }

  @Test
  void namesAScanThatIsNotAllowed() {
    fails("FFD8" + SCAN + DATA, "The JPEG data has a scan before its frame header. " + DAMAGED);
    fails(
        "FFD8" + FRAME + "FFDA 0008 01 01 00 00 03 00" + DATA,
        "JPEG segment FFDA before byte 25 is damaged (interleave mode 3 of 1 components). "
            + DAMAGED);
    fails(
        "FFD8" + FRAME + "FFDA 0008 01 01 00 80 00 00" + DATA,
        "JPEG segment FFDA before byte 25 is damaged (MAXVAL 255, NEAR 128, thresholds 129, 129,"
            + " 129 and RESET 64 are no JPEG-LS parameters). "
            + DAMAGED);
    fails(
        "FFD8" + FRAME + "FFF8 000D 01 0100 0003 0007 0015 0040" + SCAN + DATA,
        "JPEG segment FFDA before byte 40 is damaged (MAXVAL 256, samples have 8 bits). "
            + DAMAGED);
    fails(
        "FFD8" + FRAME + "FFF8 000D 01 00FF 0009 0007 0015 0040" + SCAN + DATA,
        "JPEG segment FFDA before byte 40 is damaged (MAXVAL 255, NEAR 0, thresholds 9, 7, 21 and"
            + " RESET 64 are no JPEG-LS parameters). "
            + DAMAGED);
    fails(
        "FFD8" + FRAME + "FFF8 0005 01 00FF" + SCAN + DATA,
        "JPEG segment FFF8 before byte 22 is damaged (it ends early). " + DAMAGED);
  }

  @Test
  void namesARestartMarkerThatIsMissing() {
    fails(
        "FFD8 FFDD 0004 0002" + FRAME + SCAN + DATA,
        "The JPEG-LS data has no restart marker RST0 at byte 33. " + DAMAGED);
  }

  @Test
  void namesWhatIsNotOfDicom() {
    fails(
        "FFD8" + FRAME + "FFDA 0008 01 01 05 00 00 00" + DATA,
        "JPEG-LS with a mapping table or point transform" + ADVICE);
    fails(
        "FFD8" + FRAME + "FFDA 0008 01 01 00 00 00 02" + DATA,
        "JPEG-LS with a mapping table or point transform" + ADVICE);
    fails(
        "FFD8 FFE8 0007 6D726678 01" + FRAME + SCAN + DATA,
        "A JPEG-LS colour transform, which DICOM does not allow," + ADVICE);
    fails(
        "FFD8 FFC3 000B 08 0004 0004 01 01 11 00",
        "A JPEG frame of type FFC3, which is not that of the transfer syntax," + ADVICE);
  }

  @Test
  void namesTooFewBytesForTheFrame() {
    fails(
        FakeObject.grey(LOSSLESS, 9000, 9000, 8, compressed("FFD8" + FRAME)),
        "15 bytes of compressed data cannot hold 81000000 values (9000 rows x 9000 columns x 1"
            + " samples). "
            + DAMAGED);
  }

  private static byte[] values(String hex) {
    StoredFrame frame = new PixelFrameDecoder().decode(object(hex), 0);
    byte[] values = new byte[frame.values().remaining()];
    frame.values().get(values);
    return values;
  }

  private static FakeObject object(String hex) {
    return FakeObject.grey(LOSSLESS, 4, 4, 8, compressed(hex));
  }

  private static FakePixelData compressed(String hex) {
    return FakePixelData.compressed(bytes(hex));
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static void fails(String hex, String message) {
    fails(object(hex), message);
  }

  private static void fails(FakeObject object, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> new PixelFrameDecoder().decode(object, 0))
        .withMessage("x.dcm, frame 0: " + message);
  }
}
