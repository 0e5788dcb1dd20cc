package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.ImagingException;

final class Part10WriterTest {
  @TempDir Path folder;

  private static DataSet small() {
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, Uids.SecondaryCaptureImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.1");
  }

  private static byte[] write(DataSet dataSet, String syntax) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Part10Writer.write(dataSet, syntax, out);
    return out.toByteArray();
  }

  @Test
  void metaInformationHasItsLengthAndOurImplementation() throws IOException {
    byte[] bytes = write(small(), Uids.ExplicitVRLittleEndian);
    ByteBuffer file = ByteBuffer.wrap(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    assertThat(new String(bytes, 128, 4, java.nio.charset.StandardCharsets.US_ASCII))
        .isEqualTo("DICM");
    assertThat(file.getInt(132)).isEqualTo(0x00000002);
    int end = 144 + file.getInt(140);
    assertThat(file.getShort(end)).isEqualTo((short) 0x0008);
    assertThat(new String(bytes, 144, end - 144, java.nio.charset.StandardCharsets.ISO_8859_1))
        .contains(Part10Writer.IMPLEMENTATION_CLASS_UID, "LLAVAMED_0.1", "1.2.840.10008.1.2.1");
  }

  @Test
  void bigEndianReversesWordsButNotBytes() throws IOException {
    DataSet dataSet =
        small().putInts(Tag.Rows, Vr.US, 0x0102).putBytes(Tag.PixelData, Vr.OB, new byte[] {1, 2});
    String hex = HexFormat.of().formatHex(write(dataSet, Uids.ExplicitVRBigEndian));
    assertThat(hex).contains("00280010" + "5553" + "0002" + "0102");
    assertThat(hex).endsWith("7fe00010" + "4f42" + "0000" + "00000002" + "0102");
  }

  @Test
  void encapsulatedFramesFollowTheirOffsetTable() throws IOException {
    DataSet dataSet =
        small()
            .putFragments(
                Tag.PixelData,
                List.of(ByteBuffer.wrap(new byte[] {1, 2, 3}), ByteBuffer.wrap(new byte[] {4})));
    assertThat(HexFormat.of().formatHex(write(dataSet, Uids.RLELossless)))
        .endsWith(
            "e07f1000"
                + "4f420000ffffffff"
                + "feff00e008000000"
                + "000000000c000000"
                + "feff00e00400000001020300"
                + "feff00e0020000000400"
                + "feffdde000000000");
  }

  @Test
  void valuesTooLongForSixteenBitsBecomeUnknown() throws IOException {
    DataSet dataSet = small().putBytes(Tag.RedPaletteColorLookupTableData, Vr.US, new byte[65536]);
    assertThat(HexFormat.of().formatHex(write(dataSet, Uids.ExplicitVRLittleEndian)))
        .contains("28000112" + "554e0000" + "00000100");
  }

  @Test
  void textBeyondAsciiDeclaresItsCharacterSet() throws IOException {
    byte[] bytes =
        write(small().putString(Tag.PatientName, Vr.PN, "Jörg"), Uids.ExplicitVRLittleEndian);
    assertThat(new String(bytes, java.nio.charset.StandardCharsets.UTF_8))
        .contains("ISO_IR 192", "Jörg");
  }

  @Test
  void pixelDataOfTheOtherKindIsRefused() {
    DataSet dataSet = small().putBytes(Tag.PixelData, Vr.OB, new byte[2]);
    assertThatThrownBy(() -> write(dataSet, Uids.RLELossless))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            "Pixel Data (7FE0,0010): native pixel data does not go with transfer syntax"
                + " 1.2.840.10008.1.2.5 (RLE Lossless). Choose a transfer syntax of the other kind,"
                + " or put the pixel data in that form.");
  }

  @Test
  void anObjectWithoutIdentityIsRefused() {
    assertThatThrownBy(() -> write(new DataSet(), Uids.ExplicitVRLittleEndian))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith("Media Storage SOP Class UID (0002,0002): the object has no value");
  }

  @Test
  void aFileIsWrittenWholeAndLeavesNothingElse() throws IOException {
    Path file = folder.resolve("a.dcm");
    Part10Writer.write(small(), Uids.ExplicitVRLittleEndian, file);
    assertThat(Files.readAllBytes(file)).isEqualTo(write(small(), Uids.ExplicitVRLittleEndian));
    try (var files = Files.list(folder)) {
      assertThat(files).containsExactly(file);
    }
  }

  @Test
  void aFolderThatIsMissingIsNamed() {
    Path file = folder.resolve("none/a.dcm");
    assertThatThrownBy(() -> Part10Writer.write(small(), Uids.ExplicitVRLittleEndian, file))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            file + ": it cannot be written, since its folder is not there. Make the folder.");
  }
}
