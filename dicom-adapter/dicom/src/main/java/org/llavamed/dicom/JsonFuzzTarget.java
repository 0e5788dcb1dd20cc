package org.llavamed.dicom;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.llavamed.fuzz.FuzzTarget;
import org.llavamed.imaging.ImagingException;
import org.osgi.service.component.annotations.Component;

/** Data sets in the JSON model of PS3.18 annex F; one that is taken is written again. */
@Component
public final class JsonFuzzTarget implements FuzzTarget {
  @Override
  public String name() {
    return "json";
  }

  @Override
  public List<byte[]> seeds() {
    DataSet item =
        new DataSet()
            .putString(Tag.CodeValue, Vr.SH, "121058")
            .putString(Tag.CodeMeaning, Vr.LO, "Procedure reported");
    DataSet dataSet =
        new DataSet()
            .putString(Tag.PatientName, Vr.PN, "Äneas^B=漢")
            .putInts(Tag.Rows, Vr.US, 512)
            .putDoubles(Tag.PixelSpacing, Vr.DS, 0.5, 0.25)
            .putBytes(0x00091001, Vr.UN, new byte[] {1, 2, 3, 4})
            .putInts(Tag.DimensionIndexPointer, Vr.AT, 0x00200032)
            .putItems(Tag.ConceptNameCodeSequence, item, new DataSet());
    return List.of(DicomJson.write(dataSet).getBytes(StandardCharsets.UTF_8));
  }

  @Override
  public List<byte[]> words() {
    return List.of("{", "}", "[", "]", "\"Value\":", "\"vr\":\"SQ\"", "1e999", "null", "\\ud800")
        .stream()
        .map(word -> word.getBytes(StandardCharsets.US_ASCII))
        .toList();
  }

  @Override
  public String take(byte[] input) {
    try {
      DicomJson.write(DicomJson.read(new String(input, StandardCharsets.UTF_8)));
      return "";
    } catch (ImagingException e) {
      return String.valueOf(e.getMessage());
    }
  }
}
