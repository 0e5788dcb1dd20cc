package org.llavamed.command.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/**
 * What the stored values of an object are, found out frame by frame.
 *
 * @param shape as NumPy has it: frames first where there are several, samples last where there are
 *     several
 * @param type type of each value
 * @param min smallest value; NaN where one is
 * @param max largest value; NaN where one is
 * @param sha256 hash of the values of all frames, little endian, 64 hexadecimal digits
 */
record StoredValues(Shape shape, SampleType type, Number min, Number max, String sha256) {
  /** Receives the values of each frame, in order. */
  @FunctionalInterface
  interface Sink {
    /**
     * Takes a frame.
     *
     * @throws ImagingException if that fails
     */
    void take(Shape shape, StoredFrame frame);
  }

  /**
   * A shape.
   *
   * @param frames at least 1
   * @param rows in pixels
   * @param columns in pixels
   * @param samples of a pixel
   */
  record Shape(int frames, int rows, int columns, int samples) {
    /** Joins the extents, leaving out one frame and one sample. */
    String join(String separator) {
      return (frames > 1 ? frames + separator : "")
          + rows
          + separator
          + columns
          + (samples > 1 ? separator + samples : "");
    }
  }

  /**
   * Decodes all frames, one at a time.
   *
   * @throws ImagingException if the object has no pixels, a frame cannot be decoded, or frames
   *     differ in shape or type
   */
  static StoredValues of(DicomObject object, FrameDecoder decoder, Sink sink) {
    if (object.pixelData().isEmpty()) {
      throw ImagingException.damaged(
          object.file(), "the object has no pixels", "Name an object with pixels");
    }
    int frames = PixelDescription.of(object).frames();
    var digest = newDigest();
    @Nullable StoredFrame first = null;
    var range = new Range();
    for (int i = 0; i < frames; i++) {
      if (Thread.currentThread().isInterrupted()) {
        throw ImagingException.damaged(
            object.file(), "interrupted before frame " + (i + 1), "Run the command again");
      }
      StoredFrame frame = decoder.decode(object, i);
      first = first == null ? frame : first;
      check(object, first, frame, i);
      digest.update(frame.values());
      range.take(frame);
      sink.take(shape(frames, frame), frame);
    }
    if (first == null) {
      throw new IllegalStateException("An object with pixels has at least one frame");
    }
    return new StoredValues(
        shape(frames, first),
        first.type(),
        range.min(),
        range.max(),
        HexFormat.of().formatHex(digest.digest()));
  }

  /** Returns a number as Python prints it. */
  static String text(Number number) {
    if (number instanceof Long) {
      return number.toString();
    }
    double value = number.doubleValue();
    if (Double.isNaN(value)) {
      return "nan";
    }
    if (Double.isInfinite(value)) {
      return value > 0 ? "inf" : "-inf";
    }
    return value == 0 ? (1 / value > 0 ? "0.0" : "-0.0") : text(shortest(value));
  }

  private static String text(BigDecimal shortest) {
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 16) {
      String plain = shortest.toPlainString();
      return plain.contains(".") ? plain : plain + ".0";
    }
    String mantissa = shortest.scaleByPowerOfTen(-exponent).toPlainString();
    return "%se%s%02d".formatted(mantissa, exponent < 0 ? "-" : "+", Math.abs(exponent));
  }

  /** Double.toString is not always the shortest before Java 19. */
  private static BigDecimal shortest(double value) {
    BigDecimal exact = new BigDecimal(value);
    for (int digits = 1; digits < 17; digits++) {
      BigDecimal rounded = exact.round(new MathContext(digits));
      if (rounded.doubleValue() == value) {
        return rounded.stripTrailingZeros();
      }
    }
    return exact.round(new MathContext(17)).stripTrailingZeros();
  }

  private static Shape shape(int frames, StoredFrame frame) {
    return new Shape(frames, frame.rows(), frame.columns(), frame.samples());
  }

  private static void check(DicomObject object, StoredFrame first, StoredFrame frame, int index) {
    if (!shape(1, first).equals(shape(1, frame)) || first.type() != frame.type()) {
      throw ImagingException.damaged(
          object.file(),
          "frame %d is %s %s, frame 1 is %s %s"
              .formatted(
                  index + 1,
                  shape(1, frame).join("x"),
                  frame.type().numpyName(),
                  shape(1, first).join("x"),
                  first.type().numpyName()),
          "Export the object again");
    }
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every Java platform has SHA-256", e);
    }
  }

  /** Smallest and largest value so far. */
  private static final class Range {
    private boolean whole = true;
    private long least = Long.MAX_VALUE;
    private long most = Long.MIN_VALUE;
    private double low = Double.POSITIVE_INFINITY;
    private double high = Double.NEGATIVE_INFINITY;

    void take(StoredFrame frame) {
      ByteBuffer values = frame.values();
      whole = frame.type() != SampleType.FLOAT32 && frame.type() != SampleType.FLOAT64;
      while (values.hasRemaining()) {
        switch (frame.type()) {
          case UINT8 -> take(values.get() & 0xFF);
          case INT8 -> take(values.get());
          case UINT16 -> take(values.getShort() & 0xFFFF);
          case INT16 -> take(values.getShort());
          case UINT32 -> take(values.getInt() & 0xFFFFFFFFL);
          case INT32 -> take(values.getInt());
          case FLOAT32 -> take((double) values.getFloat());
          case FLOAT64 -> take(values.getDouble());
        }
      }
    }

    private void take(long value) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }

    private void take(double value) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }

    Number min() {
      return whole ? (Number) least : (Number) low;
    }

    Number max() {
      return whole ? (Number) most : (Number) high;
    }
  }
}
