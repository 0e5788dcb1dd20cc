package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.llavamed.contract.FakeObject;
import org.llavamed.contract.FakePixelData;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.StoredFrame;

/** JPEG streams built by hand: one block, a DC table with codes 0 (length 0) and 10 (length 3). */
final class JpegFramesTest {
  private static final String BASELINE = "1.2.840.10008.1.2.4.50";
  private static final String DAMAGED = "Export the object again, it was damaged on its way.";
  private static final String TABLES =
      "FFDB 0043 00 "
          + "08".repeat(64)
          + "FFC4 0015 00 01010000 00000000 00000000 00000000 00 03"
          + "FFC4 0014 10 01000000 00000000 00000000 00000000 00";
  private static final String FRAME = "FFC0 000B 08 0008 0008 01 01 11 00";
  private static final String SCAN = "FFDA 0008 01 01 00 00 3F 00";

  @Test
  void aSingleCoefficientFillsTheBlock() {
    StoredFrame frame = decode("FFD8" + TABLES + FRAME + SCAN + "B3 FFD9");

    byte[] values = new byte[64];
    frame.values().get(values);
    assertThat(values).containsOnly(128 + 6 - 256);
  }

  @Test
  void applicationMarkersDoNotChangeTheValues() {
    String adobe = "FFEE 000E 41646F6265 0064 0000 0000 01";
    String jfif = "FFE0 0010 4A46494600 0102 00 0001 0001 00 00";

    assertThat(decode("FFD8" + adobe + jfif + TABLES + FRAME + SCAN + "B3 FFD9").values())
        .isEqualTo(decode("FFD8" + TABLES + FRAME + SCAN + "B3 FFD9").values());
  }

  @Test
  void aMissingEndOfImageIsForgiven() {
    assertThat(decode("FFD8" + TABLES + FRAME + SCAN + "B3").values().get(0)).isEqualTo((byte) 134);
  }

  @Test
  void namesASizeThatContradictsTheObject() {
    fails(
        "FFD8" + TABLES + "FFC0 000B 08 FFFF FFFF 01 01 11 00" + SCAN + "B3 FFD9",
        "The JPEG frame is 65535 x 65535 x 1 (rows x columns x samples), the object says 8 x 8 x"
            + " 1. "
            + DAMAGED);
  }

  @Test
  void namesDataThatEndsEarly() {
    fails(
        "FFD8" + TABLES + FRAME + SCAN + "FFD9",
        "The JPEG data ends in coded unit 0, expected 1. " + DAMAGED);
  }

  @Test
  void namesACodeThatIsNotInTheTable() {
    fails(
        "FFD8" + TABLES + FRAME + SCAN + "F0F0 FFD9",
        "The JPEG data has a code near byte 141 that is not in its Huffman table. " + DAMAGED);
  }

  @Test
  void namesATableThatIsMissing() {
    fails(
        "FFD8" + FRAME + SCAN + "B3 FFD9",
        "JPEG segment FFDA before byte 25 is damaged (quantisation table 0 is missing). "
            + DAMAGED);
  }

  @Test
  void namesASegmentThatEndsEarly() {
    fails(
        "FFD8 FFDB 0043 00 0808",
        "JPEG segment FFDB at byte 2 has a length of 67, 5 bytes are left. " + DAMAGED);
    fails(
        "FFD8 FFDB 0005 00 0808 FFD9",
        "JPEG segment FFDB before byte 9 is damaged (it ends early). " + DAMAGED);
  }

  @Test
  void namesAStreamThatIsNoJpeg() {
    fails("0000 0000", "The frame does not begin with the JPEG marker FFD8. " + DAMAGED);
    fails("FFD8 FFD9", "The JPEG data has no frame header. " + DAMAGED);
    fails("FFD8" + TABLES + FRAME + "FFD9", "The JPEG data has no scan of component 1. " + DAMAGED);
  }

  @Test
  void namesALosslessFrame() {
    fails(
        "FFD8 FFC3 000B 08 0008 0008 01 01 11 00",
        "A JPEG frame of type FFC3 (lossless, hierarchical or arithmetic) is not supported. Convert"
            + " the file with 'dcmdjpeg' of dcmtk first.");
  }

  @Test
  void refusesMoreScansThanAnyPictureNeeds() {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(bytes("FFD8" + TABLES + FRAME.replace("FFC0", "FFC2")));
    for (int i = 0; i < 501; i++) {
      int step = i % 14;
      stream.writeBytes(scan(i / 14, step == 0 ? 0 : 14 - step, 13 - step));
    }

    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decode(stream.toByteArray()))
        .withMessage(
            "x.dcm, frame 0: JPEG scan 501 has 1 components, coefficients 35 to 35 and bit 3, which"
                + " is not allowed. "
                + DAMAGED);
  }

  @Test
  void refusesAScanThatIsNotTheNextStepOfItsCoefficients() {
    refusesScan(
        scan(0, 0, 0), scan(0, 0, 0), "0 of component 1 goes from bit 0 to 0, it stands at bit 0");
    refusesScan(
        scan(0, 0, 0),
        scan(5, 1, 0),
        "5 of component 1 goes from bit 1 to 0, it was not coded yet");
    refusesScan(
        scan(0, 0, 3), scan(0, 3, 1), "0 of component 1 goes from bit 3 to 1, it stands at bit 3");
    refusesScan(
        scan(0, 0, 3), scan(0, 4, 3), "0 of component 1 goes from bit 4 to 3, it stands at bit 3");
    refusesScan(
        scan(0, 0, 3),
        scan(0, 15, 2),
        "0 of component 1 goes from bit 15 to 2, it stands at bit 3");
  }

  private static void refusesScan(byte[] first, byte[] second, String reason) {
    ByteArrayOutputStream stream = new ByteArrayOutputStream();
    stream.writeBytes(bytes("FFD8" + TABLES + FRAME.replace("FFC0", "FFC2")));
    stream.writeBytes(first);
    stream.writeBytes(second);
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decode(stream.toByteArray()))
        .withMessageContaining("(coefficient " + reason + ").");
  }

  @Test
  void asksForTheEndOfImageWhereAProgressionIsNotComplete() {
    String start = "FFD8" + TABLES + FRAME.replace("FFC0", "FFC2");
    String mean = HexFormat.of().formatHex(scan(0, 0, 0));
    String others = "FFDA 0008 01 01 00 01 3F 00 7F";
    byte[] half = bytes(start + mean);

    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decode(half))
        .withMessage(
            "x.dcm, frame 0: The JPEG data ends before the scans of component 1 are complete. "
                + DAMAGED);
    assertThat(decode(start + mean + "FFD9").values())
        .isEqualTo(decode(start + mean + others).values());
  }

  @Test
  void namesTheMemoryThatAFrameWouldTake() {
    int side = (int) Math.sqrt(Runtime.getRuntime().maxMemory() / 12.0);
    String size = "%04X".formatted(side);
    byte[] header = bytes("FFD8" + TABLES + "FFC0 000B 08" + size + size + "01 01 11 00");
    byte[] stream = Arrays.copyOf(header, side * side / 256);

    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(
            () ->
                new PixelFrameDecoder()
                    .decode(
                        FakeObject.grey(BASELINE, side, side, 8, FakePixelData.compressed(stream)),
                        0))
        .withMessageContaining("A JPEG frame of ")
        .withMessageContaining(" is not supported. Give the JVM more memory (-Xmx).");
  }

  /** A scan of one coefficient, which stays zero. */
  private static byte[] scan(int coefficient, int high, int low) {
    return bytes(
        "FFDA 0008 01 01 00 %02X %02X %X%X 7F".formatted(coefficient, coefficient, high, low));
  }

  private static StoredFrame decode(String hex) {
    return decode(bytes(hex));
  }

  private static StoredFrame decode(byte[] stream) {
    return new PixelFrameDecoder()
        .decode(FakeObject.grey(BASELINE, 8, 8, 8, FakePixelData.compressed(stream)), 0);
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private static void fails(String hex, String message) {
    assertThatExceptionOfType(ImagingException.class)
        .isThrownBy(() -> decode(hex))
        .withMessage("x.dcm, frame 0: " + message);
  }
}
