package org.llavamed.preprocess;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.Picture;
import org.llavamed.inference.ModelException;
import org.llavamed.preprocess.internal.PreprocessorConfig;
import org.llavamed.preprocess.internal.Resampler;

/**
 * Turns pictures into what a CLIP vision tower reads, equal to Hugging Face's CLIPImageProcessor on
 * Pillow: bicubic resize with antialias, centre crop, rescale, normalise. Immutable.
 */
public final class PicturePreparation {
  /** Longest edge of a picture, in pixels. */
  public static final int MOST_EDGE = 1 << 16;

  private final PreprocessorConfig config;
  private final PictureMode mode;
  private final float[] levels;

  private PicturePreparation(PreprocessorConfig config, PictureMode mode) {
    this.config = config;
    this.mode = mode;
    this.levels = levels(config);
  }

  /**
   * Reads how pictures are prepared.
   *
   * @param preprocessorConfig preprocessor_config.json of a checkpoint
   * @throws ModelException if the file is missing or damaged, or asks for what this preparation
   *     does not do (another resampling than bicubic, a crop larger than the resized picture)
   */
  public static PicturePreparation read(Path preprocessorConfig, PictureMode mode) {
    return new PicturePreparation(PreprocessorConfig.read(preprocessorConfig), mode);
  }

  /** Returns the width and height of a prepared picture, in pixels. */
  public int side() {
    return config.side();
  }

  /** Returns the preparation in one word with its numbers, for example clip-pad-224-bicubic. */
  public String name() {
    return "clip-%s-%d-bicubic".formatted(mode.label(), side());
  }

  /**
   * Returns the picture as the tower reads it.
   *
   * @throws ImagingException if an edge is longer than {@link #MOST_EDGE}
   */
  public PixelTensor prepare(Picture picture) {
    ByteBuffer pixels = resize(picture).pixels();
    int area = side() * side();
    FloatBuffer values =
        ByteBuffer.allocateDirect(3 * area * Float.BYTES)
            .order(ByteOrder.nativeOrder())
            .asFloatBuffer();
    for (int channel = 0; channel < 3; channel++) {
      for (int i = 0; i < area; i++) {
        values.put(
            channel * area + i, levels[channel * 256 + (pixels.get(3 * i + channel) & 0xff)]);
      }
    }
    return new PixelTensor(values, side());
  }

  /**
   * Returns the 8-bit RGB square that the tower sees, before it is normalised.
   *
   * @throws ImagingException if an edge is longer than {@link #MOST_EDGE}
   */
  public Picture resize(Picture picture) {
    if (picture.width() > MOST_EDGE || picture.height() > MOST_EDGE) {
      throw ImagingException.unsupported(
          "picture",
          "a size of %d x %d pixels (the longest edge is %d)"
              .formatted(picture.width(), picture.height(), MOST_EDGE),
          "Cut the picture to the part that matters");
    }
    int longer = Math.max(picture.width(), picture.height());
    boolean pad = mode == PictureMode.PAD;
    int width = pad ? longer : picture.width();
    int height = pad ? longer : picture.height();
    Resampler.Canvas canvas = new Resampler.Canvas(width, height, colour(0), colour(1), colour(2));
    return new Resampler(picture, canvas).resample(window(width, height));
  }

  private Resampler.Window window(int width, int height) {
    int shorter = Math.min(width, height);
    // The processor's own order: a product of whole numbers, one division, truncated.
    long longEdge =
        (long) ((double) ((long) config.shortestEdge() * Math.max(width, height)) / shorter);
    long wide = width <= height ? config.shortestEdge() : longEdge;
    long high = width <= height ? longEdge : config.shortestEdge();
    return new Resampler.Window(wide, high, (wide - side()) / 2, (high - side()) / 2, side());
  }

  private int colour(int channel) {
    return (int) (config.mean().get(channel) * 255);
  }

  private static float[] levels(PreprocessorConfig config) {
    float[] levels = new float[3 * 256];
    for (int channel = 0; channel < 3; channel++) {
      float mean = config.mean().get(channel).floatValue();
      float deviation = config.deviation().get(channel).floatValue();
      for (int value = 0; value < 256; value++) {
        levels[channel * 256 + value] = ((float) (value * config.rescale()) - mean) / deviation;
      }
    }
    return levels;
  }
}
