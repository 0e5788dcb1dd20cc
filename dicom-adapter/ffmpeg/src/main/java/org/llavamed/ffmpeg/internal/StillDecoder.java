package org.llavamed.ffmpeg.internal;

import java.nio.ByteBuffer;
import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avutil;
import org.llavamed.imaging.FrameSamples;

/** Decodes a JPEG 2000 codestream, of part 1 or with high-throughput blocks (part 15). */
final class StillDecoder {
  private StillDecoder() {}

  static FrameSamples decode(Frame frame, ByteBuffer bytes) {
    AVCodec codec = avcodec.avcodec_find_decoder_by_name("jpeg2000");
    AVCodecContext context = avcodec.avcodec_alloc_context3(codec);
    AVPacket packet = avcodec.av_packet_alloc();
    AVFrame picture = avutil.av_frame_alloc();
    try {
      context.err_recognition(avcodec.AV_EF_EXPLODE);
      context.thread_count(1);
      context.max_pixels((long) frame.description().rows() * frame.description().columns());
      check(frame, avcodec.avcodec_open2(context, codec, (AVDictionary) null));
      check(frame, avcodec.av_new_packet(packet, bytes.remaining()));
      packet.data().capacity(bytes.remaining()).asByteBuffer().put(bytes.duplicate());
      check(frame, avcodec.avcodec_send_packet(context, packet));
      check(frame, avcodec.avcodec_receive_frame(context, picture));
      frame.requireSize(picture.height(), picture.width());
      return Planes.of(frame, picture).still(context.bits_per_raw_sample());
    } finally {
      avutil.av_frame_free(picture);
      avcodec.av_packet_free(packet);
      avcodec.avcodec_free_context(context);
    }
  }

  private static void check(Frame frame, int code) {
    if (code < 0) {
      throw frame.failed("The JPEG 2000 data cannot be decoded", code);
    }
  }
}
