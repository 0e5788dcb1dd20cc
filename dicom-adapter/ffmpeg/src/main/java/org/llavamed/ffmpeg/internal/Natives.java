package org.llavamed.ffmpeg.internal;

import java.nio.file.Path;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Loader;
import org.llavamed.imaging.ImagingException;

/** FFmpeg's native libraries, unpacked and loaded when they are first needed. */
final class Natives {
  private static final int MESSAGE_LENGTH = 128;

  private final Path folder;
  private boolean loaded;

  /** Names the folder into which the libraries are unpacked. */
  Natives(Path folder) {
    this.folder = folder;
  }

  /**
   * Loads the libraries, once.
   *
   * @throws ImagingException if the bundle has none for this platform
   */
  synchronized void load(Object where) {
    if (loaded) {
      return;
    }
    // Read once, when the classes of JavaCPP embedded in this bundle are initialised. Memory is
    // freed
    // by hand here, and the model's memory must not count against JavaCPP's limit.
    System.setProperty("org.bytedeco.javacpp.cachedir", folder.toString());
    System.setProperty("org.bytedeco.javacpp.noPointerGC", "true");
    System.setProperty("org.bytedeco.javacpp.maxPhysicalBytes", "0");
    try {
      Loader.load(avutil.class);
      Loader.load(avcodec.class);
      Loader.load(avformat.class);
    } catch (LinkageError e) {
      throw ImagingException.damaged(
          where,
          "FFmpeg cannot be loaded on %s (%s)"
              .formatted(
                  Loader.getPlatform(),
                  String.valueOf(e.getMessage()).lines().findFirst().orElse("")),
          "Build the bundle org.llavamed.ffmpeg on a machine of this platform (docs/ffmpeg.md)",
          e);
    }
    avutil.av_log_set_level(avutil.AV_LOG_QUIET);
    loaded = true;
  }

  /** Returns what FFmpeg says of an error code. */
  static String message(int code) {
    try (BytePointer text = new BytePointer(MESSAGE_LENGTH)) {
      return avutil.av_strerror(code, text, MESSAGE_LENGTH) < 0
          ? "error " + code
          : text.limit(0).getString(); // up to the zero at its end
    }
  }
}
