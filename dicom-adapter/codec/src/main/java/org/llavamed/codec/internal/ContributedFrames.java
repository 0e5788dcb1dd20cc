package org.llavamed.codec.internal;

import java.nio.ByteBuffer;
import java.util.List;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameSamples;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.SampleDecoder;
import org.llavamed.imaging.StoredFrame;

/** Frames whose samples another bundle decodes; the object decides what they mean. */
final class ContributedFrames {
  private final SampleDecoder decoder;
  private final FrameLayout layout;

  private ContributedFrames(SampleDecoder decoder, FrameLayout layout) {
    this.decoder = decoder;
    this.layout = layout;
  }

  /**
   * Returns frames that one of the decoders can decode.
   *
   * @throws ImagingException if none of them knows the transfer syntax
   */
  static ContributedFrames of(
      List<SampleDecoder> decoders, FrameLayout layout, TransferSyntax syntax) {
    return decoders.stream()
        .filter(d -> d.transferSyntaxes().contains(syntax.uid()))
        .findFirst()
        .map(d -> new ContributedFrames(d, layout))
        .orElseThrow(
            () ->
                ImagingException.unsupported(
                    layout.where(),
                    "%s (%s), without the bundle org.llavamed.ffmpeg,"
                        .formatted(syntax.name(), syntax.uid()),
                    "Copy the jar of that bundle into the folder 'bundles' of the distribution"
                        + " (docs/ffmpeg.md says how to build it)"));
  }

  /** Decodes High-Throughput JPEG 2000, whose headers are checked before. */
  StoredFrame jpeg2000(DicomObject object, PixelData data, int index) {
    J2kCodestream stream = J2kCodestream.of(layout, data.frame(index));
    List<J2kCodestream.Component> components = stream.components();
    FrameSamples samples = samples(object, index);
    byte[] values = new byte[layout.bytes()];
    for (int i = 0; i < layout.values(); i++) {
      J2kCodestream.Component component = components.get(i % components.size());
      int sample = samples.value(i) >> Math.max(0, samples.bits() - component.bits());
      int shifted = component.signed() ? sample - (1 << (component.bits() - 1)) : sample;
      put(values, i, J2kSign.apply(layout, component.bits(), shifted));
    }
    return StoredValues.of(layout, ByteBuffer.wrap(values), stream.precision());
  }

  /** Decodes a frame of a video. */
  StoredFrame video(DicomObject object, int index) {
    FrameSamples samples = samples(object, index);
    byte[] values = new byte[layout.bytes()];
    for (int i = 0; i < layout.values(); i++) {
      put(values, i, samples.value(i));
    }
    return StoredValues.of(layout, ByteBuffer.wrap(values), samples.bits());
  }

  private FrameSamples samples(DicomObject object, int index) {
    FrameSamples samples = decoder.decode(object, index);
    PixelDescription d = layout.description();
    boolean fits =
        samples.rows() == d.rows()
            && samples.columns() == d.columns()
            && samples.samples() == d.samples()
            && samples.bits() <= layout.type().bytes() * Byte.SIZE;
    if (!fits) {
      throw layout.damaged(
          ("The compressed frame is %d x %d x %d (rows x columns x samples) of %d bits, the object"
                  + " says %d x %d x %d of %d")
              .formatted(
                  samples.rows(),
                  samples.columns(),
                  samples.samples(),
                  samples.bits(),
                  d.rows(),
                  d.columns(),
                  d.samples(),
                  d.bitsAllocated()));
    }
    return samples;
  }

  private void put(byte[] values, int index, int value) {
    int width = layout.type().bytes();
    for (int b = 0; b < width; b++) {
      values[index * width + b] = (byte) (value >> (b * Byte.SIZE));
    }
  }
}
