package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.contract.ObjectReaderContract;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectReader;
import org.llavamed.imaging.PixelData;

final class Part10ReaderTest extends ObjectReaderContract {
  private final Part10Reader reader = new Part10Reader();

  @Override
  protected ObjectReader reader() {
    return reader;
  }

  private static byte[] bytes(String hex) {
    return HexFormat.of().parseHex(hex.replace(" ", ""));
  }

  private Path file(byte[]... parts) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (byte[] part : parts) {
      out.write(part);
    }
    return Files.write(folder.resolve("a.dcm"), out.toByteArray());
  }

  private static byte[] part10(DataSet dataSet, String syntax) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Part10Writer.write(dataSet, syntax, out);
    return out.toByteArray();
  }

  private static DataSet small() {
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, Uids.SecondaryCaptureImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.1");
  }

  private AbstractThrowableAssert<?, ?> refusal(Path file) {
    return assertThatThrownBy(() -> reader.read(file))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith(file.toString());
  }

  @Test
  void aMissingFileIsNamed() {
    refusal(folder.resolve("none")).hasMessageEndingWith("there is no such file. Check the path.");
  }

  @Test
  void aFolderIsNamed() {
    refusal(folder).hasMessageContaining("Name a file");
  }

  @Test
  void anEmptyFileIsNamed() throws IOException {
    refusal(file()).hasMessageEndingWith("the file is empty. Copy or export it again.");
  }

  @ParameterizedTest
  @CsvSource({
    "ffd8ffe000104a46, a JPEG picture", "89504e470d0a1a0a, a PNG picture",
        "25504446, a PDF document",
    "504b0304, a ZIP archive", "48656c6c6f20776f726c64, a text", "3c3f786d6c, an XML or HTML text",
    "7b2261223a317d, a JSON text",
  })
  void aFileOfAnotherKindIsNamed(String hex, String kind) throws IOException {
    refusal(file(bytes(hex)))
        .hasMessageEndingWith(
            "this is no DICOM file, it looks like %s. Name a DICOM file.".formatted(kind));
  }

  @ParameterizedTest
  @CsvSource({
    "89504e470d0a1a0a, a PNG picture",
    "7b2261223a317d, a JSON text",
    "48656c6c6f, a text",
    "0000000142756431, a file of the Finder (.DS_Store)",
  })
  void whatIsPlainlyNoDicomHasAnotherKind(String hex, String kind) throws IOException {
    assertThat(reader.otherKind(file(bytes(hex)))).contains(kind);
  }

  @Test
  void whatIsOrMayHoldDicomHasNoOtherKind() throws IOException {
    assertThat(reader.otherKind(file(part10(small(), Uids.ImplicitVRLittleEndian)))).isEmpty();
    // A TIFF in the preamble, as whole slide pictures have it.
    assertThat(reader.otherKind(file(bytes("49492a00" + "00".repeat(124) + "4449434d")))).isEmpty();
    assertThat(reader.otherKind(file(bytes("08000500 4353 0a00 49534f5f49522031")))).isEmpty();
    for (String hex : List.of("504b0304", "1f8b08", "0102030405060708090a", "")) {
      assertThat(reader.otherKind(file(bytes(hex)))).isEmpty();
    }
    // The preamble of a whole slide picture, cut.
    for (String hex : List.of("49492a00", "4d4d002a" + "00".repeat(127))) {
      assertThat(reader.otherKind(file(bytes(hex)))).isEmpty();
    }
    assertThat(reader.otherKind(file(bytes("4d4d002a" + "00".repeat(128)))))
        .contains("a TIFF picture");
    assertThat(reader.otherKind(folder.resolve("none"))).isEmpty();
    assertThat(reader.otherKind(folder)).isEmpty();
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void aPipeHasNoOtherKindAndIsNotWaitedFor() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    assertTimeoutPreemptively(
        Duration.ofSeconds(10), () -> assertThat(reader.otherKind(pipe)).isEmpty());
  }

  @Test
  void noiseIsNamed() throws IOException {
    refusal(file(bytes("0102030405060708090a")))
        .hasMessageContaining("the mark DICM is missing at offset 128");
  }

  @Test
  void anEncryptedFileIsNamed() throws IOException {
    refusal(file(bytes("3080 0609 2a864886f70d010703 a080 3080")))
        .hasMessageContaining("an encrypted file (CMS enveloped data, PS3.15) is not supported")
        .hasMessageEndingWith("Decrypt it first.");
  }

  @Test
  void aLengthBeyondTheEndIsNamedWithBothNumbers() throws IOException {
    refusal(
            file(
                bytes("08000500 4353 0a00 49534f5f4952"),
                bytes("20313030"),
                bytes("65766c696e672e67 00")))
        .hasMessageContaining(
            "Length 1731094382 of (7665,696C) at offset 18 exceeds the remaining 1 bytes")
        .hasMessageEndingWith("The file is truncated or damaged: copy or export it again.");
  }

  @Test
  void aHeaderAloneIsNamed() throws IOException {
    byte[] whole = part10(small(), Uids.ExplicitVRLittleEndian);
    int end = 144 + ByteBuffer.wrap(whole).order(java.nio.ByteOrder.LITTLE_ENDIAN).getInt(140);
    refusal(file(Arrays.copyOf(whole, end)))
        .hasMessageContaining("nothing follows the file meta information");
    refusal(file(Arrays.copyOf(whole, 132))).hasMessageContaining("nothing follows the mark DICM");
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.840.10008.1.2, 08001800 06000000 322e32352e31",
    "1.2.840.10008.1.2.1, 08001800 5549 0600 322e32352e31",
    "1.2.840.10008.1.2.2, 00080018 5549 0006 322e32352e31",
  })
  void aDataSetWithoutHeaderIsRecognised(String syntax, String hex) throws IOException {
    Part10Object object = reader.read(file(bytes(hex)));
    assertThat(object.transferSyntaxUid()).isEqualTo(syntax);
    assertThat(object.fileMeta().isEmpty()).isTrue();
    assertThat(object.attributes().string(Tag.SOPInstanceUID)).hasValue("2.25.1");
  }

  @Test
  void aHeaderWithoutPreambleIsRead() throws IOException {
    byte[] whole = part10(small(), Uids.ExplicitVRBigEndian);
    for (int start : new int[] {128, 132}) {
      Part10Object object = reader.read(file(Arrays.copyOfRange(whole, start, whole.length)));
      assertThat(object.transferSyntaxUid()).isEqualTo(Uids.ExplicitVRBigEndian);
      assertThat(object.attributes()).isEqualTo(small());
    }
  }

  @Test
  void aTransferSyntaxThatIsWrongYieldsToTheBytes() throws IOException {
    byte[] explicit = part10(small(), Uids.ExplicitVRLittleEndian);
    String text = new String(explicit, StandardCharsets.ISO_8859_1);
    byte[] wrong =
        text.replace("1.2.840.10008.1.2.1\0", "1.2.840.10008.1.2\0\0\0")
            .getBytes(StandardCharsets.ISO_8859_1);
    Part10Object object = reader.read(file(wrong));
    assertThat(object.transferSyntaxUid()).isEqualTo(Uids.ExplicitVRLittleEndian);
    assertThat(object.attributes()).isEqualTo(small());
  }

  @Test
  void sequencesOfBothLengthsReadTheSame() throws IOException {
    String item = "08000001 5348 0200 4131";
    byte[] defined = bytes("40003da9 5351 0000 12000000 feff00e0 0a000000" + item);
    byte[] open = bytes("40003da9 5351 0000 ffffffff feff00e0 ffffffff" + item).clone();
    byte[] delimiters = bytes("feff0de0 00000000 feffdde0 00000000");
    byte[] head = bytes("08001800 5549 0600 322e32352e31");
    DataSet first = reader.read(file(head, defined)).attributes();
    DataSet second = reader.read(file(head, open, delimiters)).attributes();
    assertThat(first.items(0x0040A93D)).hasSize(1);
    assertThat(first.items(0x0040A93D).get(0).string(Tag.CodeValue)).hasValue("A1");
    assertThat(second).isEqualTo(first);
  }

  @Test
  void unknownOfUndefinedLengthIsAnImplicitSequence() throws IOException {
    byte[] head = bytes("08001800 5549 0600 322e32352e31");
    byte[] sequence =
        bytes(
            "09001010 554e 0000 ffffffff feff00e0 ffffffff"
                + "08000001 02000000 4131 feff0de0 00000000 feffdde0 00000000");
    DataSet dataSet = reader.read(file(head, sequence)).attributes();
    assertThat(dataSet.vr(0x00091010)).hasValue("SQ");
    assertThat(dataSet.items(0x00091010).get(0).string(Tag.CodeValue)).hasValue("A1");
  }

  @Test
  void zerosBehindTheLastElementArePadding() throws IOException {
    byte[] whole = part10(small(), Uids.ExplicitVRLittleEndian);
    for (int zeros : new int[] {1, 7, 8, 100}) {
      assertThat(reader.read(file(whole, new byte[zeros])).attributes()).isEqualTo(small());
    }
  }

  @Test
  void whatIsDamagedBehindThePixelsIsLeftOut() throws IOException {
    DataSet dataSet = small().putBytes(Tag.PixelData, Vr.OB, new byte[] {1, 2, 3, 4});
    Part10Object object =
        reader.read(file(part10(dataSet, Uids.ExplicitVRLittleEndian), bytes("fffefd")));
    assertThat(object.attributes()).isEqualTo(small());
    assertThat(object.pixelData().orElseThrow().slice(1, 2))
        .isEqualTo(ByteBuffer.wrap(bytes("0203")));
  }

  @Test
  void nativePixelDataIsReadInParts() throws IOException {
    DataSet dataSet = small().putBytes(Tag.PixelData, Vr.OW, new byte[] {1, 2, 3, 4});
    for (String syntax :
        List.of(
            Uids.ImplicitVRLittleEndian,
            Uids.ExplicitVRLittleEndian,
            Uids.ExplicitVRBigEndian,
            Uids.DeflatedExplicitVRLittleEndian)) {
      Path file = file(part10(dataSet, syntax));
      PixelData pixels = reader.read(file).pixelData().orElseThrow();
      assertThat(pixels.encapsulated()).isFalse();
      assertThat(pixels.length()).isEqualTo(4);
      assertThat(pixels.vr()).isEqualTo("OW");
      ByteBuffer slice = pixels.slice(2, 2);
      assertThat(slice.isReadOnly()).isTrue();
      assertThat(slice.getShort()).as(syntax).isEqualTo((short) 0x0403);
      assertThatThrownBy(() -> pixels.slice(3, 2))
          .isInstanceOf(ImagingException.class)
          .hasMessageContaining("2 bytes at offset 3 were asked for, the value has 4");
      assertThatThrownBy(() -> pixels.frame(0)).isInstanceOf(IllegalStateException.class);
    }
  }

  @Test
  void aDeflatedPictureThatIsBlackToItsEndIsRead() throws IOException {
    for (int length = (1 << 16) - 600; length < 1 << 16; length += 20) {
      DataSet dataSet = small().putBytes(Tag.PixelData, Vr.OW, new byte[length]);
      Path file = file(part10(dataSet, Uids.DeflatedExplicitVRLittleEndian));
      assertThat(reader.read(file).pixelData().orElseThrow().length()).isEqualTo(length);
    }
  }

  @Test
  void aFileThatIsCutWhileInUseIsNamed() throws IOException {
    DataSet dataSet = small().putBytes(Tag.PixelData, Vr.OW, new byte[100]);
    Path file = file(part10(dataSet, Uids.ExplicitVRLittleEndian));
    PixelData pixels = reader.read(file).pixelData().orElseThrow();
    Files.write(file, new byte[10]);
    assertThatThrownBy(() -> pixels.slice(0, 100))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining(file + ", Pixel Data (7FE0,0010): the value cannot be read any more")
        .hasMessageContaining("Leave the file in its place");
  }

  @Test
  void pixelDataBeyondTwoGibibytesIsReadByPosition() throws IOException {
    long length = 3L << 30;
    Path file =
        file(bytes("08001800 5549 0600 322e32352e31"), bytes("e07f1000 4f57 0000 000000c0"));
    long start = Files.size(file);
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(new byte[] {7, 8}), start + length - 2);
    }
    PixelData pixels = reader.read(file).pixelData().orElseThrow();
    assertThat(pixels.length()).isEqualTo(length);
    assertThat(pixels.slice(length - 2, 2)).isEqualTo(ByteBuffer.wrap(new byte[] {7, 8}));
    assertThat(pixels.slice(0, 2)).isEqualTo(ByteBuffer.wrap(new byte[2]));
  }

  @Test
  void floatPixelDataKeepsItsTag() throws IOException {
    DataSet dataSet = small().putBytes(Tag.DoubleFloatPixelData, Vr.OD, new byte[8]);
    PixelData pixels =
        reader.read(file(part10(dataSet, Uids.ImplicitVRLittleEndian))).pixelData().orElseThrow();
    assertThat(pixels.tag()).isEqualTo(Tag.DoubleFloatPixelData);
    assertThat(pixels.vr()).isEqualTo("OD");
  }

  @Test
  void itemsInheritTheCharacterSetAndMayChangeIt() throws IOException {
    byte[] dataSet =
        bytes(
            "08000500 4353 0a00 49534f5f495220313031"
                + "40003da9 5351 0000 36000000"
                + "feff00e0 0a000000 08000401 4c4f 0200 a320"
                + "feff00e0 1c000000 08000500 4353 0a00 49534f5f495220313434 08000401 4c4f 0200 bb20");
    DataSet read = reader.read(file(dataSet)).attributes();
    assertThat(read.items(0x0040A93D).get(0).string(Tag.CodeMeaning)).hasValue("Ł");
    assertThat(read.items(0x0040A93D).get(1).string(Tag.CodeMeaning)).hasValue("Л");
    DataSet copy =
        new DataSet()
            .putString(Tag.PatientName, Vr.PN, "漢")
            .copyFrom(read, 0x0040A93D)
            .putString(Tag.SOPClassUID, Vr.UI, "1.2")
            .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3");
    DataSet again = reader.read(file(part10(copy, Uids.ExplicitVRLittleEndian))).attributes();
    assertThat(again.strings(Tag.SpecificCharacterSet)).containsExactly("ISO_IR 192");
    assertThat(again.items(0x0040A93D).get(1).string(Tag.CodeMeaning)).hasValue("Л");
    assertThat(again.items(0x0040A93D).get(1).contains(Tag.SpecificCharacterSet)).isFalse();
    assertThat(again.string(Tag.PatientName)).hasValue("漢");
  }
}
