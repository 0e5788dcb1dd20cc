package org.llavamed.ffmpeg.internal;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avutil.AVComponentDescriptor;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.avutil.AVPixFmtDescriptor;
import org.bytedeco.ffmpeg.global.avutil;
import org.llavamed.imaging.FrameSamples;
import org.llavamed.imaging.ImagingException;

/** The planes of a decoded picture, whatever pixel format FFmpeg chose for them. */
final class Planes {
  private static final long NO_PLAIN_NUMBERS =
      avutil.AV_PIX_FMT_FLAG_BE
          | avutil.AV_PIX_FMT_FLAG_PAL
          | avutil.AV_PIX_FMT_FLAG_BITSTREAM
          | avutil.AV_PIX_FMT_FLAG_HWACCEL
          | avutil.AV_PIX_FMT_FLAG_FLOAT;

  private final Frame frame;
  private final AVFrame picture;
  private final AVPixFmtDescriptor format;

  private Planes(Frame frame, AVFrame picture, AVPixFmtDescriptor format) {
    this.frame = frame;
    this.picture = picture;
    this.format = format;
  }

  /**
   * Takes the planes of a picture, which must stay allocated meanwhile.
   *
   * @throws ImagingException if its pixel format holds no plain numbers, or too few components
   */
  static Planes of(Frame frame, AVFrame picture) {
    AVPixFmtDescriptor format = avutil.av_pix_fmt_desc_get(picture.format());
    if (format == null
        || (format.flags() & NO_PLAIN_NUMBERS) != 0
        || format.nb_components() < frame.description().samples()) {
      throw ImagingException.unsupported(
          frame.where(),
          "A compressed frame of %d components (pixel format %d of FFmpeg) for %d samples a pixel"
              .formatted(
                  format == null ? 0 : format.nb_components(),
                  picture.format(),
                  frame.description().samples()),
          "Ask the sender for the object in Explicit VR Little Endian (1.2.840.10008.1.2.1)");
    }
    return new Planes(frame, picture, format);
  }

  /**
   * Returns the samples of a still picture, without the zeros that FFmpeg puts below them to fill a
   * byte or a word.
   *
   * @param used bits that the codestream has
   */
  FrameSamples still(int used) {
    int depth = format.comp(0).depth();
    boolean filled = depth == Byte.SIZE || depth == Short.SIZE;
    int bits = used < 1 ? depth : Math.min(used, depth);
    return samples(bits, filled ? depth - bits : 0);
  }

  /**
   * Returns the samples of a video picture: luma alone where the object has one sample a pixel,
   * else Y, Cb and Cr as they were coded, or R, G and B where the video has them.
   *
   * @throws ImagingException if Photometric Interpretation says RGB and the video has Y, Cb and Cr,
   *     or the other way round
   */
  FrameSamples video() {
    boolean coded = (format.flags() & avutil.AV_PIX_FMT_FLAG_RGB) != 0;
    boolean named = frame.description().photometric().equals("RGB");
    if (frame.description().samples() > 1 && coded != named) {
      throw ImagingException.unsupported(
          frame.where(),
          "A video of %s in an object of Photometric Interpretation (0028,0004) %s"
              .formatted(coded ? "R, G, B" : "Y, Cb, Cr", frame.description().photometric()),
          "Correct the header; PS3.5 section 8.2 has YBR_PARTIAL_420 for videos");
    }
    return samples(format.comp(0).depth(), 0);
  }

  private FrameSamples samples(int bits, int below) {
    int rows = picture.height();
    int columns = picture.width();
    int samples = frame.description().samples();
    int width = bits > Byte.SIZE ? 2 : 1;
    byte[] values = new byte[rows * columns * samples * width];
    for (int s = 0; s < samples; s++) {
      copy(values, s, width, below);
    }
    return new FrameSamples(rows, columns, samples, bits, ByteBuffer.wrap(values));
  }

  /** Copies a component; smaller chroma is repeated. */
  private void copy(byte[] values, int sample, int width, int below) {
    AVComponentDescriptor component = format.comp(sample);
    boolean chroma = (format.flags() & avutil.AV_PIX_FMT_FLAG_RGB) == 0 && sample > 0;
    int right = chroma ? format.log2_chroma_w() : 0;
    int down = chroma ? format.log2_chroma_h() : 0;
    int stride = picture.linesize(component.plane());
    int planeRows = (picture.height() + (1 << down) - 1) >> down;
    boolean wide = component.depth() + component.shift() > Byte.SIZE;
    ByteBuffer plane =
        picture
            .data(component.plane())
            .capacity((long) stride * planeRows)
            .asByteBuffer()
            .order(java.nio.ByteOrder.LITTLE_ENDIAN);
    int step = frame.description().samples() * width;
    for (int y = 0, out = sample * width; y < picture.height(); y++) {
      int row = (y >> down) * stride + component.offset();
      for (int x = 0; x < picture.width(); x++, out += step) {
        int at = row + (x >> right) * component.step();
        int word = wide ? plane.getShort(at) & 0xFFFF : plane.get(at) & 0xFF;
        int value = word >> (component.shift() + below);
        values[out] = (byte) value;
        if (width > 1) {
          values[out + 1] = (byte) (value >> Byte.SIZE);
        }
      }
    }
  }
}
