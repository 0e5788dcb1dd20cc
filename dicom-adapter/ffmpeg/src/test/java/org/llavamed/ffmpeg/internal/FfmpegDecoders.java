package org.llavamed.ffmpeg.internal;

import java.nio.file.Path;
import org.llavamed.imaging.SampleDecoder;

/** Gives tests of other packages a decoder. */
public final class FfmpegDecoders {
  private FfmpegDecoders() {}

  /** Returns a decoder that unpacks its libraries below the build folder. */
  public static SampleDecoder inTarget() {
    return new FfmpegDecoder(Path.of("target/natives"));
  }
}
