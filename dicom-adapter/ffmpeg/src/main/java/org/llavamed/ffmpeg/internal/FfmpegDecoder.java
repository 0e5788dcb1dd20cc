package org.llavamed.ffmpeg.internal;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.DicomObject;
import org.llavamed.imaging.FrameSamples;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;
import org.llavamed.imaging.SampleDecoder;
import org.osgi.framework.BundleContext;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * High-Throughput JPEG 2000, MPEG-2, H.264 and HEVC by FFmpeg. The video that was read last stays
 * open: the next of its frames is decoded without those before it.
 */
@Component
public final class FfmpegDecoder implements SampleDecoder {
  private static final String ROOT = "1.2.840.10008.1.2.4.";
  private static final String JPEG_2000 = "jpeg2000";

  /** FFmpeg's decoder of each transfer syntax. */
  private static final Map<String, String> CODECS = codecs();

  private final Natives natives;
  private @Nullable VideoStream video;

  /** Makes a decoder that unpacks its libraries into the bundle's data folder. */
  @Activate
  public FfmpegDecoder(BundleContext context) {
    this(context.getDataFile("natives").toPath());
  }

  FfmpegDecoder(Path folder) {
    this.natives = new Natives(folder);
  }

  private static Map<String, String> codecs() {
    Map<String, String> codecs = new TreeMap<>();
    for (int htj2k : new int[] {201, 202, 203}) {
      codecs.put(ROOT + htj2k, JPEG_2000);
    }
    for (int number = 100; number <= 106; number++) {
      String codec = number < 102 ? "mpeg2video" : "h264";
      codecs.put(ROOT + number, codec);
      codecs.put(ROOT + number + ".1", codec);
    }
    codecs.put(ROOT + 107, "hevc");
    codecs.put(ROOT + 108, "hevc");
    return Map.copyOf(codecs);
  }

  @Override
  public Set<String> transferSyntaxes() {
    return CODECS.keySet();
  }

  @Override
  public FrameSamples decode(DicomObject object, int index) {
    String codec = CODECS.get(object.transferSyntaxUid());
    PixelData data = object.pixelData().orElse(null);
    if (codec == null || data == null) {
      throw ImagingException.unsupported(
          object.file(),
          "An object of transfer syntax %s without compressed frames that FFmpeg decodes"
              .formatted(object.transferSyntaxUid()),
          "Give an object of another transfer syntax");
    }
    natives.load(object.file());
    Frame frame = new Frame(object, index);
    return codec.equals(JPEG_2000)
        ? StillDecoder.decode(frame, data.frame(index))
        : video(frame, codec, data);
  }

  private synchronized FrameSamples video(Frame frame, String codec, PixelData data) {
    VideoStream open = video;
    if (open == null || !open.canContinue(data, frame.index())) {
      close();
      open = new VideoStream(frame, codec, data);
    }
    video = null;
    boolean good = false;
    try {
      FrameSamples samples = open.frame(frame);
      good = frame.index() + 1 < frame.description().frames();
      return samples;
    } finally {
      if (good) {
        video = open;
      } else {
        open.close();
      }
    }
  }

  @Deactivate
  synchronized void close() {
    if (video != null) {
      video.close();
      video = null;
    }
  }
}
