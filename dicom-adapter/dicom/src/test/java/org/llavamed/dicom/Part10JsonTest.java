package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.StringWriter;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.ObjectJson.Form;

class Part10JsonTest {
  @TempDir Path folder;

  private final Part10Json json = new Part10Json();

  private static DataSet object() {
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, Uids.CTImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, "1.2.3");
  }

  private Path file(DataSet dataSet, String transferSyntax) {
    Path file = folder.resolve("a.dcm");
    Part10Writer.write(dataSet, transferSyntax, file);
    return file;
  }

  private String write(Path file, Form form) throws IOException {
    StringWriter out = new StringWriter();
    json.write(file, form, out);
    return out.toString();
  }

  @Test
  void ofBulkDataTheLengthIsNamedInItsPlace() throws IOException {
    DataSet dataSet =
        object()
            .putBytes(0x00091001, Vr.OB, new byte[1026])
            .putBytes(0x00091002, Vr.OB, new byte[3])
            .putBytes(Tag.PixelData, Vr.OW, new byte[8])
            .putBytes(Tag.DataSetTrailingPadding, Vr.OB, new byte[2]);
    assertThat(write(file(dataSet, Uids.ExplicitVRLittleEndian), new Form(false, false)))
        .isEqualTo(
            "{\"00080016\":{\"vr\":\"UI\",\"Value\":[\"1.2.840.10008.5.1.4.1.1.2\"]},"
                + "\"00080018\":{\"vr\":\"UI\",\"Value\":[\"1.2.3\"]},"
                + "\"00091001\":{\"vr\":\"OB\",\"BulkDataURI\":\"?length=1026\"},"
                + "\"00091002\":{\"vr\":\"OB\",\"InlineBinary\":\"AAAAAA==\"},"
                + "\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"?length=8\"},"
                + "\"FFFCFFFC\":{\"vr\":\"OB\",\"InlineBinary\":\"AAA=\"}}");
  }

  @Test
  void bulkDataInlineIsRefusedThatWouldNotFit() throws IOException {
    Path file =
        file(
            object()
                .putBytes(0x00091001, Vr.OB, new byte[60])
                .putBytes(Tag.PixelData, Vr.OW, new byte[60]),
            Uids.ExplicitVRLittleEndian);
    StringWriter out = new StringWriter();
    assertThatThrownBy(() -> new Part10Json(110).write(file, new Form(true, false), out))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("More than 110 bytes inline in DICOM JSON is not supported.");
    new Part10Json(200).write(file, new Form(true, false), out);
    assertThat(out.toString()).contains("InlineBinary");
  }

  @Test
  void prettyTextMeansTheSame() throws IOException {
    Path file = file(object(), Uids.ExplicitVRLittleEndian);
    String pretty = write(file, new Form(false, true));
    assertThat(pretty.lines().count()).isGreaterThan(5);
    assertThat(DicomJson.read(pretty)).isEqualTo(object());
  }

  @Test
  void anObjectThatIsWrittenInlineComesBack() throws IOException {
    DataSet dataSet =
        object()
            .putString(Tag.PatientName, Vr.PN, "Müller^Jörg")
            .putString(Tag.SpecificCharacterSet, Vr.CS, "ISO_IR 192")
            .putItems(Tag.ReferencedImageSequence, object())
            .putBytes(Tag.PixelData, Vr.OW, new byte[] {1, 2, 3, 4});
    Path text = folder.resolve("a.json");
    Files.writeString(
        text, write(file(dataSet, Uids.ImplicitVRLittleEndian), new Form(true, true)));
    Path back = folder.resolve("back.dcm");
    json.read(text, back);
    Part10Object object = new Part10Reader().read(back);
    assertThat(object.transferSyntaxUid()).isEqualTo(Uids.ExplicitVRLittleEndian);
    DataSet whole = object.whole();
    whole.remove(Tag.MediaStorageSOPClassUID).remove(Tag.MediaStorageSOPInstanceUID);
    assertThat(whole).isEqualTo(dataSet);
    Files.writeString(text, "[" + Files.readString(text) + "]");
    json.read(text, back);
    assertThat(new Part10Reader().read(back).attributes()).isEqualTo(object.attributes());
  }

  /** All native objects of the shared files, through JSON and back. */
  @Test
  void sharedFilesComeBackFromTheirJson() throws IOException {
    List<String> different = new ArrayList<>();
    int compared = 0;
    for (SharedData.Row row : SharedData.rows()) {
      Part10Object object;
      try {
        object = new Part10Reader().read(row.file());
      } catch (ImagingException e) {
        continue;
      }
      if ((object.storedPixels() != null && object.storedPixels().encapsulated())
          || Files.size(row.file()) > 2_000_000
          || object.attributes().string(Tag.SOPInstanceUID).isEmpty()) {
        continue;
      }
      Path text = folder.resolve("shared.json");
      Files.writeString(text, write(row.file(), new Form(true, false)));
      Path back = folder.resolve("shared.dcm");
      json.read(text, back);
      compared++;
      // The sign of a zero and with it the form of the number is lost: JSON has one zero.
      String again =
          write(back, new Form(true, false)).replaceAll("(?<=[\\[,])-?0\\.0(?=[,\\]])", "0");
      if (!again.equals(Files.readString(text).replaceAll("(?<=[\\[,])-?0\\.0(?=[,\\]])", "0"))) {
        different.add(row.path());
      }
    }
    System.out.println("Through JSON and back: " + compared);
    assertThat(different).isEmpty();
    assertThat(compared).isGreaterThan(50);
  }

  @Test
  void encapsulatedPixelDataHasNoInlineForm() throws IOException {
    DataSet dataSet = object().putFragments(Tag.PixelData, List.of(ByteBuffer.allocate(4)));
    Path file = file(dataSet, Uids.RLELossless);
    assertThatThrownBy(() -> write(file, new Form(true, false)))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            file
                + ", Pixel Data (7FE0,0010): encapsulated pixel data inline in DICOM JSON is not"
                + " supported. Leave --inline out, or decompress the object first.");
    assertThat(write(file, new Form(false, false))).contains("\"BulkDataURI\":\"?length=4\"");
  }

  @Test
  void bulkDataThatWasLeftOutCannotComeBack() throws IOException {
    Path text = folder.resolve("a.json");
    Files.writeString(text, "{\"7FE00010\":{\"vr\":\"OW\",\"BulkDataURI\":\"?length=8\"}}");
    Path target = folder.resolve("target.dcm");
    assertThatThrownBy(() -> json.read(text, target))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            "BulkDataURI ?length=8: bulk data outside the JSON text is not supported. Write the"
                + " JSON with --inline.");
    assertThat(target).doesNotExist();
  }

  @Test
  void aTextThatIsNoJsonOrNotThereIsNamed() throws IOException {
    Path target = folder.resolve("target.dcm");
    Path missing = folder.resolve("missing.json");
    assertThatThrownBy(() -> json.read(missing, target))
        .isInstanceOf(ImagingException.class)
        .hasMessage(missing + ": there is no such file. Check the path.");
    Path binary = Files.write(folder.resolve("b.json"), new byte[] {(byte) 0xFF});
    assertThatThrownBy(() -> json.read(binary, target))
        .isInstanceOf(ImagingException.class)
        .hasMessage(binary + ": the text is not UTF-8. Name a JSON file.");
    Path open = Files.writeString(folder.resolve("c.json"), "{");
    assertThatThrownBy(() -> json.read(open, target))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith("DICOM JSON: the text is no JSON (");
    assertThat(target).doesNotExist();
  }
}
