package org.llavamed.contract;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.PixelData;

/** An object in memory, to give decoders and renderers what no file could easily hold. */
public record FakeObject(
    Path file, String transferSyntaxUid, Attributes attributes, Optional<PixelData> pixelData)
    implements DicomObject {
  public static final int SAMPLES = 0x00280002;
  public static final int PHOTOMETRIC = 0x00280004;
  public static final int PLANAR = 0x00280006;
  public static final int FRAMES = 0x00280008;
  public static final int ROWS = 0x00280010;
  public static final int COLUMNS = 0x00280011;
  public static final int BITS_ALLOCATED = 0x00280100;
  public static final int BITS_STORED = 0x00280101;
  public static final int HIGH_BIT = 0x00280102;
  public static final int PIXEL_REPRESENTATION = 0x00280103;

  /** An object of one grey frame whose Bits Stored are its Bits Allocated. */
  public static FakeObject grey(String uid, int rows, int columns, int bits, PixelData data) {
    Map<Integer, Object> values = new TreeMap<>();
    values.put(SAMPLES, 1);
    values.put(PHOTOMETRIC, "MONOCHROME2");
    values.put(ROWS, rows);
    values.put(COLUMNS, columns);
    values.put(BITS_ALLOCATED, bits);
    return new FakeObject(Path.of("x.dcm"), uid, new FakeAttributes(values), Optional.of(data));
  }

  /** The same object with one attribute set. */
  public FakeObject with(int tag, Object value) {
    Map<Integer, Object> values = new TreeMap<>(((FakeAttributes) attributes).values());
    values.put(tag, value);
    return new FakeObject(file, transferSyntaxUid, new FakeAttributes(values), pixelData);
  }
}
