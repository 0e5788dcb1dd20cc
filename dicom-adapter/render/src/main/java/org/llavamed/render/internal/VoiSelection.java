package org.llavamed.render.internal;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.llavamed.imaging.Attributes;
import org.llavamed.imaging.Rendering;

/**
 * Chooses the VOI of a grey frame, the first of: the window that is asked for; what a presentation
 * state says; VOI LUT Sequence; the first usable window of the file; for CT in Hounsfield units the
 * window of the body part; the full range where Bits Stored is at most 8; and for the rest the 1st
 * to the 99th percentile of the frame without its padding and colours.
 */
final class VoiSelection {
  private static final int MODALITY = 0x00080060;
  private static final int BODY_PART_EXAMINED = 0x00180015;
  private static final int WINDOW_CENTER = 0x00281050;
  private static final int WINDOW_WIDTH = 0x00281051;
  private static final int VOI_LUT_FUNCTION = 0x00281056;
  private static final int VOI_LUT_SEQUENCE = 0x00283010;
  private static final int FRAME_VOI_LUT_SEQUENCE = 0x00289132;

  private static final double LOW_PERCENTILE = 0.01;
  private static final double HIGH_PERCENTILE = 0.99;

  private final BodyPartWindows bodyParts;

  VoiSelection(BodyPartWindows bodyParts) {
    this.bodyParts = bodyParts;
  }

  Voi of(GreyFrame frame, Optional<Rendering.Window> asked, Optional<PresentationState> state) {
    return asked
        .map(VoiSelection::requested)
        .or(() -> state.map(s -> ofState(frame, s)))
        .or(() -> table(frame.attributes(), frame))
        .or(() -> window(frame.attributes()))
        .or(() -> bodyPart(frame))
        .or(() -> fullRange(frame))
        .orElseGet(() -> percentiles(frame));
  }

  private static Voi requested(Rendering.Window window) {
    return Voi.of(
        Rendering.Rule.REQUESTED_WINDOW,
        new GreyWindow(window.center(), window.width(), GreyWindow.Function.LINEAR));
  }

  /** A state without a VOI for the frame means the whole range (PS3.3 C.11.8). */
  private static Voi ofState(GreyFrame frame, PresentationState state) {
    return state
        .voi()
        .flatMap(item -> table(item, frame).or(() -> window(item)))
        .orElseGet(() -> Voi.of(Rendering.Rule.PRESENTATION_STATE, frame.range()))
        .as(Rendering.Rule.PRESENTATION_STATE);
  }

  private static Optional<Voi> table(FrameAttributes attributes, GreyFrame frame) {
    ModalityTransform modality = frame.modality();
    boolean signed =
        modality.table() == null && (frame.description().signed() || modality.intercept() < 0);
    return attributes
        .holder(FRAME_VOI_LUT_SEQUENCE, VOI_LUT_SEQUENCE)
        .flatMap(a -> LookupTable.first(attributes.where(), a, VOI_LUT_SEQUENCE, signed))
        .map(table -> Voi.of(Rendering.Rule.FILE_VOI_LUT, table));
  }

  private static Optional<Voi> window(FrameAttributes attributes) {
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
        .findFirst()
        .map(w -> Voi.of(Rendering.Rule.FILE_WINDOW, w));
  }

  private Optional<Voi> bodyPart(GreyFrame frame) {
    Attributes object = frame.attributes().object();
    if (!frame.modality().hounsfield() || !object.string(MODALITY).orElse("").equals("CT")) {
      return Optional.empty();
    }
    String part = object.string(BODY_PART_EXAMINED).orElse("");
    return Optional.of(Voi.of(Rendering.Rule.BODY_PART_TABLE, bodyParts.of(part)));
  }

  private static Optional<Voi> fullRange(GreyFrame frame) {
    return frame.bounded() && frame.description().bitsStored() <= Byte.SIZE
        ? Optional.of(Voi.of(Rendering.Rule.FULL_RANGE, frame.range()))
        : Optional.empty();
  }

  private static Voi percentiles(GreyFrame frame) {
    double[] range = frame.percentiles(LOW_PERCENTILE, HIGH_PERCENTILE);
    if (range[0] == range[1]) {
      range = frame.percentiles(0, 1);
    }
    return Voi.of(Rendering.Rule.PERCENTILES, frame.window(range));
  }
}
