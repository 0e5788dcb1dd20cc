package org.llavamed.render.internal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.Picture;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.RenderedFrame;
import org.llavamed.imaging.Rendering;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/**
 * Grey frames: modality transformation, VOI, presentation.
 *
 * <p>The VOI is the first of: VOI LUT Sequence, the first usable window of the file, for CT in
 * Hounsfield units the window of the body part, the full range where Bits Stored is at most 8, and
 * for the rest the 1st to the 99th percentile of the frame without its padding.
 */
final class GreyRenderer {
  private static final int MODALITY = 0x00080060;
  private static final int BODY_PART_EXAMINED = 0x00180015;
  private static final int WINDOW_CENTER = 0x00281050;
  private static final int WINDOW_WIDTH = 0x00281051;
  private static final int VOI_LUT_FUNCTION = 0x00281056;
  private static final int LUT_DESCRIPTOR = 0x00283002;
  private static final int LUT_DATA = 0x00283006;
  private static final int VOI_LUT_SEQUENCE = 0x00283010;
  private static final int FRAME_VOI_LUT_SEQUENCE = 0x00289132;
  private static final int PRESENTATION_LUT_SHAPE = 0x20500020;

  private static final double LOW_PERCENTILE = 0.01;
  private static final double HIGH_PERCENTILE = 0.99;
  private static final int WHITE = 255;

  /**
   * How values of the modality become grey.
   *
   * @param grey value of the modality to 0 to 255
   */
  private record Voi(Rendering rendering, DoubleUnaryOperator grey) {
    static Voi of(Rendering.Rule rule, GreyWindow window) {
      return new Voi(new Rendering(rule, Optional.of(window.window())), window::grey);
    }
  }

  private final BodyPartWindows bodyParts;

  GreyRenderer(BodyPartWindows bodyParts) {
    this.bodyParts = bodyParts;
  }

  RenderedFrame render(FrameAttributes attributes, PixelDescription d, StoredFrame frame) {
    GreyValues values = GreyValues.of(frame);
    Padding padding = Padding.of(attributes.object(), frame.type());
    ModalityTransform modality = ModalityTransform.of(attributes, d.signed());
    Voi voi = voi(attributes, d, frame.type(), modality, values, padding);
    boolean inverted =
        d.photometric().equals("MONOCHROME1")
            || attributes.object().string(PRESENTATION_LUT_SHAPE).orElse("").equals("INVERSE");
    byte[] pixels =
        values.map(
            stored -> {
              if (padding.contains(stored)) {
                return 0;
              }
              int grey = (int) (voi.grey().applyAsDouble(modality.apply(stored)) + 0.5);
              return inverted ? WHITE - grey : grey;
            });
    Picture picture = new Picture(frame.columns(), frame.rows(), 1, ByteBuffer.wrap(pixels));
    return new RenderedFrame(picture, voi.rendering());
  }

  private Voi voi(
      FrameAttributes attributes,
      PixelDescription d,
      SampleType type,
      ModalityTransform modality,
      GreyValues values,
      Padding padding) {
    return fileTable(attributes, d, modality)
        .or(() -> fileWindow(attributes).map(w -> Voi.of(Rendering.Rule.FILE_WINDOW, w)))
        .or(() -> bodyPart(attributes, modality))
        .or(() -> fullRange(d, type, modality))
        .orElseGet(() -> percentiles(modality, values, padding));
  }

  private static Optional<Voi> fileTable(
      FrameAttributes attributes, PixelDescription d, ModalityTransform modality) {
    Optional<Attributes> holder = attributes.holder(FRAME_VOI_LUT_SEQUENCE, VOI_LUT_SEQUENCE);
    List<? extends Attributes> tables =
        holder.isEmpty() ? List.of() : holder.get().items(VOI_LUT_SEQUENCE);
    if (tables.isEmpty()) {
      return Optional.empty();
    }
    boolean signed = modality.table() == null && (d.signed() || modality.intercept() < 0);
    LookupTable table =
        LookupTable.read(attributes.where(), tables.get(0), LUT_DESCRIPTOR, LUT_DATA, signed);
    return Optional.of(
        new Voi(
            new Rendering(Rendering.Rule.FILE_VOI_LUT, Optional.empty()),
            value -> table.scaled((int) Math.floor(value + 0.5))));
  }

  private static Optional<GreyWindow> fileWindow(FrameAttributes attributes) {
    Optional<Attributes> holder = attributes.holder(FRAME_VOI_LUT_SEQUENCE, WINDOW_CENTER);
    if (holder.isEmpty()) {
      return Optional.empty();
    }
    List<Double> centers = holder.get().numbers(WINDOW_CENTER);
    List<Double> widths = holder.get().numbers(WINDOW_WIDTH);
    GreyWindow.Function function =
        GreyWindow.Function.of(holder.get().string(VOI_LUT_FUNCTION).orElse(""));
    return IntStream.range(0, Math.min(centers.size(), widths.size()))
        .mapToObj(i -> new GreyWindow(centers.get(i), widths.get(i), function))
        .filter(GreyWindow::usable)
        .findFirst();
  }

  private Optional<Voi> bodyPart(FrameAttributes attributes, ModalityTransform modality) {
    if (!modality.hounsfield() || !attributes.object().string(MODALITY).orElse("").equals("CT")) {
      return Optional.empty();
    }
    String part = attributes.object().string(BODY_PART_EXAMINED).orElse("");
    return Optional.of(Voi.of(Rendering.Rule.BODY_PART_TABLE, bodyParts.of(part)));
  }

  private static Optional<Voi> fullRange(
      PixelDescription d, SampleType type, ModalityTransform modality) {
    boolean whole = type == SampleType.UINT8 || type == SampleType.INT8 || type.bytes() == 2;
    if (!whole || d.bitsStored() > Byte.SIZE) {
      return Optional.empty();
    }
    int count = 1 << d.bitsStored();
    int least = d.signed() ? -count / 2 : 0;
    GreyWindow range = between(modality, least, least + count - 1);
    return Optional.of(Voi.of(Rendering.Rule.FULL_RANGE, range));
  }

  private static Voi percentiles(ModalityTransform modality, GreyValues values, Padding padding) {
    double[] range = values.percentiles(padding, LOW_PERCENTILE, HIGH_PERCENTILE);
    if (range[0] == range[1]) {
      range = values.percentiles(padding, 0, 1);
    }
    GreyWindow window =
        Double.isNaN(range[0]) ? GreyWindow.between(0, 1) : between(modality, range[0], range[1]);
    return Voi.of(Rendering.Rule.PERCENTILES, window);
  }

  private static GreyWindow between(ModalityTransform modality, double least, double most) {
    double a = modality.apply(least);
    double b = modality.apply(most);
    return GreyWindow.between(Math.min(a, b), Math.max(a, b));
  }
}
