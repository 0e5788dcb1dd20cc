package org.llavamed.contract;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.imaging.PixelDescription;
import org.llavamed.imaging.StoredFrame;

/**
 * All stored values of an object in a few words.
 *
 * @param shape frames where there are several, rows, columns, samples where there are several
 * @param type NumPy's name of the type
 * @param sha256 hash of all values, little endian
 */
public record StoredValuesSummary(String shape, String type, String sha256) {
  /** Decodes all frames of an object. */
  public static StoredValuesSummary of(FrameDecoder decoder, DicomObject object) {
    PixelDescription d = PixelDescription.of(object);
    String frames = d.frames() > 1 ? d.frames() + "x" : "";
    String samples = d.samples() > 1 ? "x" + d.samples() : "";
    String type = "";
    MessageDigest digest = newDigest();
    for (int i = 0; i < d.frames(); i++) {
      StoredFrame frame = decoder.decode(object, i);
      type = frame.type().numpyName();
      ByteBuffer values = frame.values();
      digest.update(values);
    }
    return new StoredValuesSummary(
        frames + d.rows() + "x" + d.columns() + samples,
        type,
        HexFormat.of().formatHex(digest.digest()));
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError("every JDK has SHA-256", e);
    }
  }
}
