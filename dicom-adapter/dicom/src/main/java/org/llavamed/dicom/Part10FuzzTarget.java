package org.llavamed.dicom;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.fuzz.FuzzTarget;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;
import org.osgi.service.component.annotations.Component;

/** Part 10 files of the codings of PS3.5: everything in them is looked at. */
@Component
public final class Part10FuzzTarget implements FuzzTarget {
  private static final int FRAMES = 2;

  @Override
  public String name() {
    return "part10";
  }

  /** A deflated data set may become as large as {@link Limits} lets it, three times. */
  @Override
  public long mostBytes() {
    return Runtime.getRuntime().maxMemory();
  }

  @Override
  public List<byte[]> seeds() {
    DataSet whole = sample().putBytes(Tag.PixelData, Vr.OW, new byte[8]);
    List<byte[]> seeds = new ArrayList<>();
    for (String syntax :
        List.of(
            Uids.ImplicitVRLittleEndian,
            Uids.ExplicitVRLittleEndian,
            Uids.ExplicitVRBigEndian,
            Uids.DeflatedExplicitVRLittleEndian)) {
      seeds.add(bytes(whole, syntax));
    }
    ByteBuffer frame = ByteBuffer.wrap(new byte[] {(byte) 0xFF, (byte) 0xD8, (byte) 0xFF, 0});
    seeds.add(
        bytes(sample().putFragments(Tag.PixelData, List.of(frame, frame)), Uids.JPEGBaseline8Bit));
    return seeds;
  }

  @Override
  public List<byte[]> words() {
    return List.of(
        new byte[] {(byte) 0xFE, (byte) 0xFF, 0, (byte) 0xE0},
        new byte[] {(byte) 0xFE, (byte) 0xFF, 0x0D, (byte) 0xE0, 0, 0, 0, 0},
        new byte[] {(byte) 0xFE, (byte) 0xFF, (byte) 0xDD, (byte) 0xE0, 0, 0, 0, 0},
        new byte[] {'S', 'Q', 0, 0, -1, -1, -1, -1},
        new byte[] {'U', 'N', 0, 0, -1, -1, -1, -1},
        new byte[] {(byte) 0xE0, 0x7F, 0x10, 0, 'O', 'B', 0, 0, -1, -1, -1, -1});
  }

  @Override
  public String take(byte[] input) {
    try {
      Path file = Files.createTempFile("llavamed-fuzz-", ".dcm");
      try {
        Files.write(file, input);
        Part10Object object = new Part10Reader().read(file);
        look(object.attributes());
        object.pixelData().ifPresent(Part10FuzzTarget::look);
        object.whole();
        return "";
      } catch (ImagingException e) {
        return String.valueOf(e.getMessage()).replace(file.toString(), "");
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void look(Attributes attributes) {
    for (int tag : attributes.tags()) {
      attributes.strings(tag);
      attributes.numbers(tag);
      attributes.bytes(tag);
      attributes.items(tag).forEach(Part10FuzzTarget::look);
    }
  }

  private static void look(PixelData pixels) {
    if (!pixels.encapsulated()) {
      pixels.slice(0, (int) Math.min(pixels.length(), 1 << 20));
      return;
    }
    for (int i = 0; i < FRAMES; i++) {
      pixels.frame(i);
    }
  }

  private static DataSet sample() {
    DataSet deep = new DataSet().putString(Tag.CodeMeaning, Vr.LO, "é");
    for (int i = 0; i < 5; i++) {
      deep = new DataSet().putItems(Tag.ContentSequence, deep, new DataSet());
    }
    return deep.putString(Tag.SpecificCharacterSet, Vr.CS, "ISO_IR 192")
        .putString(Tag.SOPClassUID, Vr.UI, Uids.SecondaryCaptureImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.1")
        .putString(Tag.PatientName, Vr.PN, "Äneas^B=漢")
        .putInts(Tag.Rows, Vr.US, 2)
        .putInts(Tag.NumberOfFrames, Vr.IS, FRAMES)
        .putBytes(0x00091001, Vr.UN, new byte[] {1, 2, 3, 4});
  }

  private static byte[] bytes(DataSet dataSet, String syntax) {
    var out = new ByteArrayOutputStream();
    try {
      Part10Writer.write(dataSet, syntax, out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
