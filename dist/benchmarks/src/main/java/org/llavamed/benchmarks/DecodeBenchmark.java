package org.llavamed.benchmarks;

import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llavamed.codec.internal.PixelFrameDecoder;
import org.llavamed.dicom.Part10Reader;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.StoredFrame;
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
import org.openjdk.jmh.annotations.Warmup;

/**
 * Time from the first frame of a DICOM file to stored values, with and without opening the file:
 * {@code DecodeBenchmark -p file=a.dcm,b.dcm}. {@code peers/gdcm_decode.py} times GDCM on the same.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class DecodeBenchmark {
  @Param("")
  String file = "";

  private final FrameDecoder decoder = new PixelFrameDecoder();
  private @Nullable DicomObject object;

  /** Opens the file. */
  @Setup
  public void open() {
    if (file.isEmpty()) {
      throw new IllegalArgumentException("No file was given. Add -p file=NAME.dcm.");
    }
    object = new Part10Reader().read(Path.of(file));
  }

  /** Pixel data to stored values. */
  @Benchmark
  public StoredFrame decode() {
    return decoder.decode(Objects.requireNonNull(object, "setup opens it"), 0);
  }

  /** File to stored values. */
  @Benchmark
  public StoredFrame openAndDecode() {
    return decoder.decode(new Part10Reader().read(Path.of(file)), 0);
  }
}
