package org.llavamed.ffmpeg.internal;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avformat.AVIOContext;
import org.bytedeco.ffmpeg.avformat.Read_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.avformat.Seek_Pointer_long_int;
import org.bytedeco.ffmpeg.avformat.Write_packet_Pointer_BytePointer_int;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.Pointer;
import org.jspecify.annotations.Nullable;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;

/** Lets FFmpeg read the stream of pixel data in parts, from any position. */
final class VideoBytes implements AutoCloseable {
  private static final int BUFFER = 1 << 16;

  private final PixelData data;
  private final long length;
  private final Read read = new Read();
  private final Seek seek = new Seek();
  private final AVIOContext context;
  private long cursor;
  private @Nullable ImagingException failure;

  VideoBytes(PixelData data) {
    this.data = data;
    this.length = data.length();
    BytePointer buffer = new BytePointer(avutil.av_malloc(BUFFER)).capacity(BUFFER);
    this.context =
        avformat.avio_alloc_context(
            buffer, BUFFER, 0, null, read, (Write_packet_Pointer_BytePointer_int) null, seek);
  }

  AVIOContext context() {
    return context;
  }

  /** Throws what a reading threw while native code was on the stack. */
  void rethrow() {
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    avutil.av_free(context.buffer());
    avformat.avio_context_free(context);
    read.deallocate();
    seek.deallocate();
  }

  private final class Read extends Read_packet_Pointer_BytePointer_int {
    @Override
    public int call(Pointer opaque, BytePointer target, int size) {
      int count = (int) Math.min(size, length - cursor);
      if (count <= 0) {
        return avutil.AVERROR_EOF();
      }
      try {
        ByteBuffer part = data.stream(cursor, count);
        target.capacity(count).asByteBuffer().put(part);
        cursor += count;
        return count;
      } catch (ImagingException e) {
        failure = e;
        return avutil.AVERROR_EXTERNAL();
      }
    }
  }

  private final class Seek extends Seek_Pointer_long_int {
    private static final int SET = 0;
    private static final int CURRENT = 1;
    private static final int END = 2;

    @Override
    public long call(Pointer opaque, long offset, int whence) {
      if (whence == avformat.AVSEEK_SIZE) {
        return length;
      }
      long target =
          switch (whence & ~avformat.AVSEEK_FORCE) {
            case SET -> offset;
            case CURRENT -> cursor + offset;
            case END -> length + offset;
            default -> -1;
          };
      if (target < 0) {
        return -1;
      }
      cursor = Math.min(target, length);
      return cursor;
    }
  }
}
