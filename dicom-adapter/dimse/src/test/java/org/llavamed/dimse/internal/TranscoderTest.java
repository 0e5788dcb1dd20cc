package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

final class TranscoderTest {
  @TempDir Path folder;

  private DataSet transcoded(Transcoder transcoder, Path file, String syntax) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Part10Writer.writeStart(Uids.CTImageStorage, "1.2.3", syntax, bytes);
    transcoder.transcode(file, syntax).writeTo(bytes);
    Path result = Files.write(folder.resolve("result.dcm"), bytes.toByteArray());
    DataSet whole = new Part10Reader().read(result).whole();
    return whole.remove(Tag.MediaStorageSOPClassUID).remove(Tag.MediaStorageSOPInstanceUID);
  }

  @ParameterizedTest
  @CsvSource({
    "1.2.840.10008.1.2.2, 1.2.840.10008.1.2.1",
    "1.2.840.10008.1.2.2, 1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1.99, 1.2.840.10008.1.2",
    "1.2.840.10008.1.2.1, 1.2.840.10008.1.2",
    "1.2.840.10008.1.2, 1.2.840.10008.1.2.1"
  })
  void nativeObjectsStayEqual(String from, String to) throws IOException {
    DataSet image = Objects.image(1, 201).putString(Tag.StudyComments, Vr.LT, "after");
    Path file = Objects.write(folder, "a.dcm", image, from);
    assertThat(transcoded(new Transcoder(null), file, to)).isEqualTo(image);
  }

  @Test
  void framesAreDecodedOneByOneAndTheirLayoutIsSaid() throws IOException {
    DataSet image =
        Objects.rle(1, 128)
            .putInts(Tag.SamplesPerPixel, Vr.US, 3)
            .putInts(Tag.PlanarConfiguration, Vr.US, 1)
            .putInts(Tag.NumberOfFrames, Vr.IS, 2)
            .putString(Tag.PhotometricInterpretation, Vr.CS, "YBR_FULL_422")
            .putInts(Tag.Rows, Vr.US, 1)
            .putInts(Tag.Columns, Vr.US, 3);
    Path file = Objects.write(folder, "a.dcm", image, Uids.RLELossless);
    Transcoder transcoder =
        new Transcoder(
            (object, index) ->
                new StoredFrame(
                    1,
                    3,
                    3,
                    SampleType.UINT8,
                    ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, (byte) index})));
    DataSet result = transcoded(transcoder, file, Uids.ExplicitVRLittleEndian);
    byte[] pixels = new byte[18];
    result.bytes(Tag.PixelData).get(pixels);
    assertThat(pixels).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 4, 5, 6, 7, 8, 1);
    assertThat(result.string(Tag.PhotometricInterpretation)).contains("YBR_FULL");
    assertThat(result.integer(Tag.PlanarConfiguration)).hasValue(0);
    assertThat(result.integer(Tag.BitsAllocated)).hasValue(8);
  }

  @ParameterizedTest
  @ValueSource(strings = {"YBR_PARTIAL_420", "YBR_PARTIAL_422"})
  void colourOfReducedRangeIsRefusedByName(String photometric) {
    DataSet image =
        Objects.rle(1, 128)
            .putInts(Tag.SamplesPerPixel, Vr.US, 3)
            .putString(Tag.PhotometricInterpretation, Vr.CS, photometric);
    Path file = Objects.write(folder, "a.dcm", image, Uids.RLELossless);
    Transcoder transcoder =
        new Transcoder(
            (object, index) ->
                new StoredFrame(1, 1, 3, SampleType.UINT8, ByteBuffer.wrap(new byte[3])));
    assertThatThrownBy(() -> transcoder.transcode(file, Uids.ExplicitVRLittleEndian))
        .isInstanceOf(ImagingException.class)
        .hasMessage(
            file
                + ": Decompressing colour of reduced range ("
                + photometric
                + ") is not supported. Send the object to a peer that takes its transfer syntax"
                + " 1.2.840.10008.1.2.5.");
  }

  @Test
  void withoutADecoderTheMissingBundleIsNamed() {
    Path file = Objects.write(folder, "a.dcm", Objects.rle(1, 128), Uids.RLELossless);
    assertThatThrownBy(() -> new Transcoder(null).transcode(file, Uids.ExplicitVRLittleEndian))
        .isInstanceOf(ImagingException.class)
        .hasMessageContaining("org.llavamed.codec");
  }
}
