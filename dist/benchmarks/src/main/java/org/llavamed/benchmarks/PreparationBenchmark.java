package org.llavamed.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.Picture;
import org.llavamed.preprocess.PictureMode;
import org.llavamed.preprocess.PicturePreparation;
import org.llavamed.preprocess.PixelTensor;
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

/** Time from a picture of 512 x 512 to what the vision tower reads. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(2)
public class PreparationBenchmark {
  private static final int SIDE = 512;

  /** Side of the prepared picture, in pixels: CLIP ViT-B/32 and ViT-L/14-336. */
  @Param({"224", "336"})
  int prepared = 224;

  @Param({"1", "3"})
  int channels = 1;

  private @Nullable PicturePreparation preparation;
  private @Nullable Picture picture;

  /** Makes a picture with structure at all scales, and reads a configuration of CLIP. */
  @Setup
  public void make() throws IOException {
    ByteBuffer pixels = ByteBuffer.allocate(SIDE * SIDE * channels);
    for (int i = 0; i < pixels.capacity(); i++) {
      pixels.put((byte) ((i ^ (i >> 7)) * 31));
    }
    picture = new Picture(SIDE, SIDE, channels, pixels.flip());
    Path config = Files.createTempFile("preprocessor", ".json");
    Files.writeString(
        config,
        """
        {"crop_size": {"height": %1$d, "width": %1$d}, "do_center_crop": true,
         "do_convert_rgb": true, "do_normalize": true, "do_rescale": true, "do_resize": true,
         "image_mean": [0.48145466, 0.4578275, 0.40821073],
         "image_std": [0.26862954, 0.26130258, 0.27577711],
         "resample": 3, "rescale_factor": 0.00392156862745098, "size": {"shortest_edge": %1$d}}
        """
            .formatted(prepared));
    preparation = PicturePreparation.read(config, PictureMode.named("pad"));
    Files.delete(config);
  }

  /** Resize, crop, normalise. */
  @Benchmark
  public PixelTensor prepare() {
    return Objects.requireNonNull(preparation).prepare(Objects.requireNonNull(picture));
  }
}
