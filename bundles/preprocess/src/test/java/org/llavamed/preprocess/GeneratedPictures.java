package org.llavamed.preprocess;

import java.nio.ByteBuffer;
import org.llavamed.imaging.Picture;

/** Pictures by formula, the same as make_golden_pictures.py makes. */
final class GeneratedPictures {
  private GeneratedPictures() {}

  static Picture noise(int width, int height, int channels) {
    byte[] pixels = new byte[width * height * channels];
    for (int i = 0; i < pixels.length; i++) {
      int v = i * 0x9E3779B1;
      v ^= v >>> 15;
      v *= 0x85EBCA77;
      pixels[i] = (byte) (v >>> 24);
    }
    return new Picture(width, height, channels, ByteBuffer.wrap(pixels));
  }

  static Picture ramp(int width, int height, int channels) {
    byte[] pixels = new byte[width * height * channels];
    for (int i = 0; i < pixels.length; i++) {
      int x = i / channels % width;
      int y = i / channels / width;
      pixels[i] = (byte) ((x * 3 + y * 2 + i % channels * 40) / 5);
    }
    return new Picture(width, height, channels, ByteBuffer.wrap(pixels));
  }
}
