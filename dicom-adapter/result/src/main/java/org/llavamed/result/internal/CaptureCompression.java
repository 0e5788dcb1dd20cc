package org.llavamed.result.internal;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.imaging.FrameEncoder;
import org.llavamed.imaging.FrameEncoder.EncodedFrame;
import org.llavamed.imaging.SampleType;
import org.llavamed.imaging.StoredFrame;

/** Compresses the frames of captures, where the configuration asks for it. */
final class CaptureCompression {
  private static final double HUNDREDTHS = 100;

  private final FrameEncoder encoder;
  private final CaptureSyntax syntax;

  CaptureCompression(FrameEncoder encoder, CaptureSyntax syntax) {
    this.encoder = encoder;
    this.syntax = syntax;
  }

  /**
   * Compresses an object of unsigned bytes, colour by pixel, and gives it its Transfer Syntax UID
   * (0002,0010); other objects stay as they are.
   *
   * @throws org.llavamed.imaging.ImagingException if the frames are too large for the transfer
   *     syntax
   */
  void apply(DataSet object) {
    if (syntax == CaptureSyntax.NATIVE || !object.contains(Tag.PixelData)) {
      return;
    }
    int rows = object.integer(Tag.Rows).orElseThrow();
    int columns = object.integer(Tag.Columns).orElseThrow();
    int samples = object.integer(Tag.SamplesPerPixel).orElseThrow();
    int bytes = rows * columns * samples;
    ByteBuffer pixels = object.bytes(Tag.PixelData).slice();
    List<EncodedFrame> frames = new ArrayList<>();
    for (int i = 0; i < object.integer(Tag.NumberOfFrames).orElse(1); i++) {
      StoredFrame frame =
          new StoredFrame(rows, columns, samples, SampleType.UINT8, pixels.slice(i * bytes, bytes));
      frames.add(encoder.encode(syntax.uid(), frame));
    }
    object
        .putString(Tag.TransferSyntaxUID, Vr.UI, syntax.uid())
        .putFragments(Tag.PixelData, frames.stream().map(EncodedFrame::bytes).toList());
    frames
        .get(0)
        .photometric()
        .ifPresent(name -> object.putString(Tag.PhotometricInterpretation, Vr.CS, name));
    if (frames.get(0).lossy()) {
      long compressed = frames.stream().mapToLong(frame -> frame.bytes().remaining()).sum();
      putLoss(object, (double) bytes * frames.size() / compressed);
    }
  }

  /** Says that values were changed (PS3.3 section C.7.6.1.1.5). */
  private static void putLoss(DataSet object, double ratio) {
    object
        .putString(Tag.LossyImageCompression, Vr.CS, "01")
        .putDoubles(
            Tag.LossyImageCompressionRatio, Vr.DS, Math.round(ratio * HUNDREDTHS) / HUNDREDTHS)
        .putString(Tag.LossyImageCompressionMethod, Vr.CS, "ISO_10918_1");
    String derivation = object.string(Tag.DerivationDescription).orElse("");
    object.putString(
        Tag.DerivationDescription, Vr.ST, derivation + ", then compressed with loss (JPEG)");
  }
}
