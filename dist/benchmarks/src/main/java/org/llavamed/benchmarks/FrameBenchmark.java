package org.llavamed.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llavamed.codec.internal.PixelFrameDecoder;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.FrameRenderer;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.StoredFrame;
import org.llavamed.render.internal.StandardFrameRenderer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Time from a file's pixel data to stored values and to a picture, 512 x 512 of 16 bits. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class FrameBenchmark {
  private static final int SIDE = 512;
  private static final String EXPLICIT = "1.2.840.10008.1.2.1";
  private static final String RLE = "1.2.840.10008.1.2.5";

  @Param({EXPLICIT, RLE})
  String transferSyntax = EXPLICIT;

  private final FrameDecoder decoder = new PixelFrameDecoder();
  private final FrameRenderer renderer = new StandardFrameRenderer();
  private Path file = Path.of("");
  private @Nullable DicomObject object;

  /** Writes a file with a smooth picture and reads it. */
  @Setup
  public void write() throws IOException {
    short[] values = new short[SIDE * SIDE];
    for (int i = 0; i < values.length; i++) {
      int row = i / SIDE;
      double x = (i % SIDE) / (double) SIDE - 0.5;
      double y = row / (double) SIDE - 0.5;
      values[i] = (short) (1500 * Math.exp(-6 * (x * x + y * y)) - 1000);
    }
    DataSet dataSet = header();
    if (transferSyntax.equals(RLE)) {
      dataSet.putFragments(Tag.PixelData, List.of(Rle.encode(values)));
    } else {
      ByteBuffer bytes = ByteBuffer.allocate(2 * values.length).order(ByteOrder.LITTLE_ENDIAN);
      bytes.asShortBuffer().put(values);
      dataSet.putBytes(Tag.PixelData, Vr.OW, bytes);
    }
    file = Files.createTempFile("frame", ".dcm");
    Part10Writer.write(dataSet, transferSyntax, file);
    object = new Part10Reader().read(file);
  }

  /** Removes the file. */
  @TearDown
  public void remove() throws IOException {
    Files.delete(file);
  }

  /** Pixel data to stored values. */
  @Benchmark
  public StoredFrame decode() {
    return decoder.decode(object(), 0);
  }

  /** Pixel data to an 8-bit picture. */
  @Benchmark
  public RenderedFrame decodeAndRender() {
    return renderer.render(object(), decoder.decode(object(), 0), 0);
  }

  private DicomObject object() {
    return Objects.requireNonNull(object, "setup writes and reads it");
  }

  private static DataSet header() {
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, "1.2.840.10008.5.1.4.1.1.2")
        .putString(Tag.SOPInstanceUID, Vr.UI, "2.25.1")
        .putString(Tag.Modality, Vr.CS, "CT")
        .putInts(Tag.SamplesPerPixel, Vr.US, 1)
        .putString(Tag.PhotometricInterpretation, Vr.CS, "MONOCHROME2")
        .putInts(Tag.Rows, Vr.US, SIDE)
        .putInts(Tag.Columns, Vr.US, SIDE)
        .putInts(Tag.BitsAllocated, Vr.US, 16)
        .putInts(Tag.BitsStored, Vr.US, 16)
        .putInts(Tag.HighBit, Vr.US, 15)
        .putInts(Tag.PixelRepresentation, Vr.US, 1)
        .putString(Tag.WindowCenter, Vr.DS, "40")
        .putString(Tag.WindowWidth, Vr.DS, "400");
  }
}
