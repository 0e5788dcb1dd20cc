package org.llavamed.codec.internal;

import java.awt.image.DataBuffer;
import java.awt.image.Raster;
import java.awt.image.WritableRaster;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/**
 * JPEG Baseline (ITU-T T.81 process 1) by the writer of the JDK, from a raster, so that no colour
 * space is assumed. R, G, B become Y, Cb, Cr here (PS3.3 C.7.6.3.1.2); chroma keeps its full size,
 * which Photometric Interpretation calls YBR_FULL_422 all the same (PS3.5 8.2.1).
 */
final class JpegEncoder {
  private static final float QUALITY = 0.9f;

  /** Most rows and columns that the writer of the JDK takes. */
  private static final int LARGEST_SIDE = 65500;

  private JpegEncoder() {}

  /**
   * Compresses a frame.
   *
   * @throws ImagingException if the values are no unsigned bytes, or a side is above 65500
   */
  static byte[] encode(StoredFrame frame) {
    if (frame.type() != SampleType.UINT8) {
      throw ImagingException.unsupported(
          "frame encoder",
          "JPEG Baseline of " + frame.type().numpyName() + " values",
          "Give unsigned values of 8 bits, or choose RLE Lossless");
    }
    if (Math.max(frame.rows(), frame.columns()) > LARGEST_SIDE) {
      throw ImagingException.unsupported(
          "frame encoder",
          "JPEG Baseline of %d rows and %d columns, above the limit of %d,"
              .formatted(frame.rows(), frame.columns(), LARGEST_SIDE),
          "Choose RLE Lossless");
    }
    WritableRaster raster =
        Raster.createInterleavedRaster(
            DataBuffer.TYPE_BYTE, frame.columns(), frame.rows(), frame.samples(), null);
    byte[] values = new byte[frame.values().remaining()];
    frame.values().get(values);
    if (frame.samples() == 3) {
      toYbr(values);
    }
    raster.setDataElements(0, 0, frame.columns(), frame.rows(), values);
    return write(raster);
  }

  private static byte[] write(Raster raster) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName("jpeg").next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    // no file: ImageIO would put patients' pictures into the folder for temporary files
    try (ImageOutputStream out = new MemoryCacheImageOutputStream(bytes)) {
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
      parameters.setCompressionQuality(QUALITY);
      writer.setOutput(out);
      writer.write(null, new IIOImage(raster, null, null), parameters);
    } catch (IOException e) {
      throw ImagingException.damaged(
          "frame encoder",
          "The frame cannot be written as JPEG (%s)".formatted(e),
          "Choose RLE Lossless",
          e);
    } finally {
      writer.dispose();
    }
    return bytes.toByteArray();
  }

  private static void toYbr(byte[] values) {
    for (int i = 0; i < values.length; i += 3) {
      int r = values[i] & 0xFF;
      int g = values[i + 1] & 0xFF;
      int b = values[i + 2] & 0xFF;
      values[i] = rounded(0.299 * r + 0.587 * g + 0.114 * b);
      values[i + 1] = rounded(-0.168736 * r - 0.331264 * g + 0.5 * b + 128);
      values[i + 2] = rounded(0.5 * r - 0.418688 * g - 0.081312 * b + 128);
    }
  }

  private static byte rounded(double value) {
    return (byte) Math.max(0, Math.min(255, Math.round(value)));
  }
}
