package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.imaging.ImagingException;

final class DicomJsonTest {
  private static DataSet everything() {
    return new DataSet()
        .putString(Tag.ImageType, Vr.CS, "DERIVED", "", "AXIAL")
        .putString(Tag.PatientName, Vr.PN, "Yamada^Tarou=山田^太郎=やまだ^たろう", "A^B", "=漢")
        .putEmpty(Tag.PatientID, Vr.LO)
        .putString(Tag.SliceThickness, Vr.DS, "1.500", "-0.5", "1E-7")
        .putString(Tag.InstanceNumber, Vr.IS, "-42")
        .putInts(Tag.FrameIncrementPointer, Vr.AT, Tag.FrameTime)
        .putDoubles(Tag.RecommendedDisplayFrameRateInFloat, Vr.FL, 0.1f, Double.NaN)
        .putDoubles(Tag.RealWorldValueSlope, Vr.FD, 0.1, Double.NEGATIVE_INFINITY)
        .putInts(Tag.SelectorUVValue, Vr.UV, -1L)
        .putInts(Tag.SelectorSVValue, Vr.SV, Long.MIN_VALUE)
        .putInts(Tag.Rows, Vr.US, 65535)
        .putBytes(0x00091010, Vr.UN, new byte[] {1, 2, 3, 4})
        .putItems(
            Tag.ConceptNameCodeSequence,
            new DataSet().putString(Tag.CodeMeaning, Vr.LO, "é"),
            new DataSet())
        .putItems(Tag.ContentSequence);
  }

  @Test
  void whatIsWrittenReadsBackTheSame() {
    DataSet dataSet = everything();
    assertThat(DicomJson.read(DicomJson.write(dataSet))).isEqualTo(dataSet);
  }

  @Test
  void theModelIsThatOfAnnexF() {
    DataSet dataSet =
        new DataSet()
            .putInts(0x00100000, Vr.UL, 4)
            .putString(Tag.MediaStorageSOPClassUID, Vr.UI, "1.2")
            .putString(Tag.SpecificCharacterSet, Vr.CS, "ISO_IR 100")
            .putString(Tag.PatientName, Vr.PN, "A^B==C")
            .putEmpty(Tag.PatientID, Vr.LO)
            .putString(Tag.PatientWeight, Vr.DS, "71.50")
            .putString(Tag.ImageType, Vr.CS, "A", "")
            .putBytes(Tag.EncapsulatedDocument, Vr.OB, new byte[] {0, 1})
            .putItems(Tag.ContentSequence, new DataSet());
    assertThat(DicomJson.write(dataSet))
        .isEqualTo(
            """
            {"00080005":{"vr":"CS","Value":["ISO_IR 192"]},\
            "00080008":{"vr":"CS","Value":["A",null]},\
            "00100010":{"vr":"PN","Value":[{"Alphabetic":"A^B","Phonetic":"C"}]},\
            "00100020":{"vr":"LO"},\
            "00101030":{"vr":"DS","Value":[71.50]},\
            "0040A730":{"vr":"SQ","Value":[{}]},\
            "00420011":{"vr":"OB","InlineBinary":"AAE="}}""");
  }

  @Test
  void bulkDataGoesToAStoreAndComesBack() throws IOException {
    DataSet dataSet = new DataSet().putBytes(Tag.PixelData, Vr.OW, new byte[] {1, 2, 3, 4});
    Map<String, ByteBuffer> store = new HashMap<>();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    DicomJson.write(
        dataSet,
        out,
        (tag, value) -> {
          store.put("bulk/" + tag, value);
          return Optional.of("bulk/" + tag);
        });
    String text = out.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .isEqualTo("{\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"bulk/2145386512\"}}");
    assertThat(DicomJson.read(text, uri -> store.getOrDefault(uri, ByteBuffer.allocate(0))))
        .isEqualTo(dataSet);
    assertThatThrownBy(() -> DicomJson.read(text))
        .hasMessage(
            "bulk/2145386512: a BulkDataURI here is not supported. Give a source that fetches bulk"
                + " data.");
  }

  @Test
  void encapsulatedPixelDataHasNoInlineForm() {
    DataSet dataSet =
        new DataSet().putFragments(Tag.PixelData, List.of(ByteBuffer.wrap(new byte[2])));
    assertThatThrownBy(() -> DicomJson.write(dataSet))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith("Pixel Data (7FE0,0010): encapsulated pixel data inline");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{|the text is no JSON",
        "[]|a data set is written as ARRAY",
        "{} {}|the text is no JSON",
        "{\"1\":{}}|'1' is no tag of 8 hexadecimal digits",
        "{\"00100010\":{\"vr\":\"XX\"}}|Patient's Name (0010,0010): 'XX' is no value representation",
        "{\"00100010\":{\"vr\":\"PN\",\"Value\":1}}|Value is no array",
        "{\"00280010\":{\"vr\":\"US\",\"Value\":[70000]}}|70000 is out of the range of US",
        "{\"00280010\":{\"vr\":\"US\",\"Value\":[1.5]}}|does not suit US",
        "{\"00280010\":{\"vr\":\"US\",\"Value\":[\"a\"]}}|does not suit US",
        "{\"00280010\":{\"vr\":\"US\",\"Value\":[1e999999999]}}|does not suit US",
        "{\"00280010\":{\"vr\":\"US\",\"Value\":[[1]]}}|a value is written as ARRAY",
        "{\"00420011\":{\"vr\":\"OB\",\"Value\":[1]}}|expected InlineBinary or BulkDataURI",
        "{\"00420011\":{\"vr\":\"OB\",\"InlineBinary\":\"%%\"}}|InlineBinary is no Base64 text",
        "{\"00420011\":{\"vr\":\"OB\",\"InlineBinary\":{}}}|InlineBinary is no text",
      })
  void whatIsNoDicomJsonIsNamed(String text, String found) {
    assertThatThrownBy(() -> DicomJson.read(text))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith("DICOM JSON")
        .hasMessageContaining(found);
  }

  @Test
  void deepNestingIsRefused() {
    String item = "{\"0040A730\":{\"vr\":\"SQ\",\"Value\":[";
    String end = "]}}";
    assertThatThrownBy(() -> DicomJson.read(item.repeat(70) + "{}" + end.repeat(70)))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("nested deeper than 64");
    assertThatThrownBy(() -> DicomJson.read(item.repeat(100_000)))
        .isInstanceOf(ImagingException.class);
  }

  @Test
  void aNumberOutOfEveryRangeIsNamed() {
    assertThatThrownBy(
            () -> DicomJson.read("{\"00280010\":{\"vr\":\"US\",\"Value\":[1e9999999999]}}"))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            "DICOM JSON: the text is no JSON (a number is out of every range). Give one JSON object for a data set.");
  }
}
