package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import org.llavamed.imaging.Picture;

/** The embedded model and pictures to show it. */
final class TinyVqa {
  static final Path FOLDER = Path.of("../../dist/models/tiny-vqa");
  static final ModelSettings SETTINGS = new ModelSettings(FOLDER, 2, 10, 4096);

  private TinyVqa() {}

  static LlavaModel open() {
    assertThat(FOLDER.resolve("llavamed.json"))
        .as("the embedded model, part of the repository")
        .exists();
    return (LlavaModel) new OnnxModelRuntime(SETTINGS).open(FOLDER);
  }

  /** Returns the parts of a model folder; the caller closes them. */
  static ModelParts parts(ModelFolder folder, ModelSettings settings) {
    Backend backend = Backend.choose(settings.sessions(), new CudaDevice(settings.sessions()));
    return new ModelOpener(settings, Machine.here(), backend).openPlain(folder);
  }

  /** Copies the embedded model, with another text in its description. */
  static void copy(Path folder, String from, String to) throws IOException {
    try (Stream<Path> files = Files.walk(FOLDER)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        Path target = folder.resolve(FOLDER.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
    Path description = folder.resolve("llavamed.json");
    String text = Files.readString(description);
    assertThat(text).contains(from);
    Files.writeString(description, text.replace(from, to));
  }

  static Picture read(Path file) throws IOException {
    try (var in = Files.newInputStream(file)) {
      BufferedImage image = ImageIO.read(in);
      int width = image.getWidth();
      int height = image.getHeight();
      int channels = image.getRaster().getNumBands() == 1 ? 1 : 3;
      byte[] pixels = new byte[width * height * channels];
      for (int i = 0; i < width * height; i++) {
        if (channels == 1) {
          pixels[i] = (byte) image.getRaster().getSample(i % width, i / width, 0);
          continue;
        }
        int rgb = image.getRGB(i % width, i / width);
        pixels[3 * i] = (byte) (rgb >> 16);
        pixels[3 * i + 1] = (byte) (rgb >> 8);
        pixels[3 * i + 2] = (byte) rgb;
      }
      return new Picture(width, height, channels, ByteBuffer.wrap(pixels));
    }
  }

  /** Rings around a point: no two of them give the same features. */
  static Picture rings(int side, int centre) {
    byte[] pixels = new byte[side * side];
    for (int i = 0; i < pixels.length; i++) {
      double distance = Math.hypot(i % side - centre, i / side - centre);
      pixels[i] = (byte) (128 + 127 * Math.sin(distance / 5));
    }
    return new Picture(side, side, 1, ByteBuffer.wrap(pixels));
  }
}
