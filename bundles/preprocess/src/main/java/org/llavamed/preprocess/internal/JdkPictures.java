package org.llavamed.preprocess.internal;

import java.awt.image.Raster;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Set;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.llavamed.imaging.Picture;

/** Decodes PNG and JPEG with the JDK. */
final class JdkPictures {
  private static final Set<String> PIXEL_CHUNKS = Set.of("IHDR", "PLTE", "tRNS", "IDAT", "IEND");
  private static final int SIGNATURE = 8;
  private static final int CHUNK_FRAME = 12;

  private JdkPictures() {}

  /** Decodes a PNG file. */
  static Picture png(byte[] file) throws IOException {
    return decode("png", pixelChunks(file), JdkPictures::direct);
  }

  /** Decodes a JPEG file, turned as its Exif orientation says. */
  static Picture jpeg(byte[] file) throws IOException {
    JpegHeader header = JpegHeader.of(file);
    Picture picture =
        decode(
            "jpeg",
            file,
            header.components() == 4
                ? reader -> cmyk(reader, header.adobeTransform())
                : JdkPictures::direct);
    return Orientation.upright(picture, header.orientation());
  }

  /** One way to get the pixels out of a reader. */
  @FunctionalInterface
  private interface Decoding {
    Picture of(ImageReader reader) throws IOException;
  }

  private static Picture decode(String format, byte[] file, Decoding decoding) throws IOException {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format);
    if (!readers.hasNext()) {
      throw new IOException("this Java platform has no reader for " + format);
    }
    ImageReader reader = readers.next();
    try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
      reader.setInput(in, true, true);
      Pixels.checkSize(reader.getWidth(0), reader.getHeight(0));
      return decoding.of(reader);
    } finally {
      reader.dispose();
    }
  }

  private static Picture direct(ImageReader reader) throws IOException {
    return Pixels.of(reader.read(0));
  }

  private static Picture cmyk(ImageReader reader, int transform) throws IOException {
    Raster raster = reader.readRaster(0, null);
    return Pixels.ofCmyk(raster, Cmyk.of(transform));
  }

  /** Leaves out texts and colour profiles, which may inflate without end and change the pixels. */
  private static byte[] pixelChunks(byte[] file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(file).position(SIGNATURE);
    ByteBuffer out = ByteBuffer.allocate(file.length).put(file, 0, SIGNATURE);
    while (in.remaining() >= CHUNK_FRAME) {
      int start = in.position();
      int length = in.getInt(start);
      if (length < 0 || length > in.remaining() - CHUNK_FRAME) {
        throw new IOException(
            "a chunk of %d bytes at offset %d, %d are left"
                .formatted(length & 0xffffffffL, start, in.remaining() - CHUNK_FRAME));
      }
      String type = new String(file, start + 4, 4, StandardCharsets.US_ASCII);
      if (PIXEL_CHUNKS.contains(type)) {
        out.put(file, start, length + CHUNK_FRAME);
      }
      in.position(start + length + CHUNK_FRAME);
    }
    byte[] kept = new byte[out.position()];
    out.get(0, kept);
    return kept;
  }
}
