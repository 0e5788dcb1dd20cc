package org.llavamed.ffmpeg.internal;

import org.bytedeco.ffmpeg.avcodec.AVCodec;
import org.bytedeco.ffmpeg.avcodec.AVCodecContext;
import org.bytedeco.ffmpeg.avcodec.AVPacket;
import org.bytedeco.ffmpeg.avformat.AVFormatContext;
import org.bytedeco.ffmpeg.avformat.AVInputFormat;
import org.bytedeco.ffmpeg.avformat.AVStream;
import org.bytedeco.ffmpeg.avutil.AVDictionary;
import org.bytedeco.ffmpeg.avutil.AVFrame;
import org.bytedeco.ffmpeg.global.avcodec;
import org.bytedeco.ffmpeg.global.avformat;
import org.bytedeco.ffmpeg.global.avutil;
import org.bytedeco.javacpp.PointerPointer;
import org.llavamed.imaging.FrameSamples;
import org.llavamed.imaging.ImagingException;
import org.llavamed.imaging.PixelData;

/**
 * The one stream of a video object (PS3.5 section 8.2.5 and following), read in parts and decoded
 * frame after frame in the order of display. Opens no other file or address, whatever the container
 * names. Not safe for use by several threads.
 */
final class VideoStream implements AutoCloseable {
  /** Containers and elementary streams that DICOM allows; no play lists. */
  private static final String FORMATS = "mov,mp4,m4a,3gp,3g2,mj2,mpegts,mpeg,mpegvideo,h264,hevc";

  private final PixelData data;
  private final VideoBytes bytes;
  private final AVFormatContext container = avformat.avformat_alloc_context();
  private final AVCodecContext context;
  private final AVPacket packet = avcodec.av_packet_alloc();
  private final AVFrame picture = avutil.av_frame_alloc();
  private int stream;
  private int next;

  /** Whether a frame since the last key frame was damaged, so that those after it are wrong too. */
  private boolean damaged;

  /**
   * Opens the video.
   *
   * @param codec FFmpeg's name of the decoder
   * @throws ImagingException if there is no stream of this codec in it
   */
  VideoStream(Frame frame, String codec, PixelData data) {
    this.data = data;
    this.bytes = new VideoBytes(data);
    AVCodec decoder = avcodec.avcodec_find_decoder_by_name(codec);
    this.context = avcodec.avcodec_alloc_context3(decoder);
    boolean good = false;
    try {
      open(frame, decoder);
      good = true;
    } finally {
      if (!good) {
        close();
      }
    }
  }

  private void open(Frame frame, AVCodec decoder) {
    container.pb(bytes.context());
    AVDictionary options = new AVDictionary(null);
    avutil.av_dict_set(options, "format_whitelist", FORMATS, 0);
    avutil.av_dict_set(options, "protocol_whitelist", "none", 0);
    avutil.av_dict_set(options, "codec_whitelist", decoder.name().getString(), 0);
    int code = avformat.avformat_open_input(container, "", (AVInputFormat) null, options);
    avutil.av_dict_free(options);
    if (code < 0) {
      // which has freed the container
      container.setNull();
      throw frame.failed("The video cannot be opened", code);
    }
    findStreams(frame);
    stream =
        avformat.av_find_best_stream(
            container, avutil.AVMEDIA_TYPE_VIDEO, -1, -1, (PointerPointer<?>) null, 0);
    AVStream found = stream < 0 ? null : container.streams(stream);
    if (found == null || found.codecpar().codec_id() != decoder.id()) {
      throw frame.damaged(
          "The video has no stream of %s, which its transfer syntax names"
              .formatted(decoder.name().getString()));
    }
    check(frame, avcodec.avcodec_parameters_to_context(context, found.codecpar()));
    context.pkt_timebase(found.time_base());
    context.max_pixels(mostPixels(frame));
    check(frame, avcodec.avcodec_open2(context, decoder, (AVDictionary) null));
  }

  /**
   * Reads on until the streams are known. For that FFmpeg decodes with contexts of its own, which
   * are bounded as ours is for the streams that the header of the container names.
   */
  private void findStreams(Frame frame) {
    int streams = container.nb_streams();
    try (PointerPointer<AVDictionary> options = new PointerPointer<>(Math.max(1, streams))) {
      for (int i = 0; i < streams; i++) {
        AVDictionary one = new AVDictionary(null);
        avutil.av_dict_set(one, "max_pixels", Long.toString(mostPixels(frame)), 0);
        options.put(i, one);
      }
      int code = avformat.avformat_find_stream_info(container, options);
      for (int i = 0; i < streams; i++) {
        AVDictionary unused = options.get(AVDictionary.class, i);
        if (unused != null) {
          avutil.av_dict_free(unused);
        }
      }
      check(frame, code);
    }
  }

  /** Returns more pixels than a frame of the object's size takes with the padding of a codec. */
  private static long mostPixels(Frame frame) {
    return 2L * (frame.description().rows() + 64) * (frame.description().columns() + 64);
  }

  /** Returns whether this is the video of some pixel data, and a frame still lies ahead in it. */
  boolean canContinue(PixelData other, int index) {
    return data == other && index >= next;
  }

  /**
   * Decodes up to a frame that lies ahead.
   *
   * @throws ImagingException if the video is damaged or ends before
   */
  FrameSamples frame(Frame frame) {
    while (next <= frame.index()) {
      decodeNext(frame);
      next++;
      boolean key = (picture.flags() & AVFrame.AV_FRAME_FLAG_KEY) != 0;
      boolean corrupt = (picture.flags() & AVFrame.AV_FRAME_FLAG_CORRUPT) != 0;
      damaged = corrupt || picture.decode_error_flags() != 0 || (damaged && !key);
    }
    frame.requireSize(picture.height(), picture.width());
    if (damaged) {
      throw frame.damaged("The video is damaged in this frame or one that it is predicted from");
    }
    return Planes.of(frame, picture).video();
  }

  private void decodeNext(Frame frame) {
    int code = avcodec.avcodec_receive_frame(context, picture);
    while (code == avutil.AVERROR_EAGAIN()) {
      feed(frame);
      code = avcodec.avcodec_receive_frame(context, picture);
    }
    if (code == avutil.AVERROR_EOF()) {
      throw frame.damaged(
          "The video ends after %d frames, the object says %d"
              .formatted(next, frame.description().frames()));
    }
    check(frame, code);
  }

  /** Gives the decoder the next packet of the stream, or the end. */
  private void feed(Frame frame) {
    int code = avformat.av_read_frame(container, packet);
    while (code >= 0 && packet.stream_index() != stream) {
      avcodec.av_packet_unref(packet);
      code = avformat.av_read_frame(container, packet);
    }
    bytes.rethrow();
    if (code == avutil.AVERROR_EOF()) {
      check(frame, avcodec.avcodec_send_packet(context, null));
      return;
    }
    check(frame, code);
    int sent = avcodec.avcodec_send_packet(context, packet);
    avcodec.av_packet_unref(packet);
    check(frame, sent);
  }

  private void check(Frame frame, int code) {
    bytes.rethrow();
    if (code < 0) {
      throw frame.failed("The video cannot be decoded", code);
    }
  }

  @Override
  public void close() {
    avutil.av_frame_free(picture);
    avcodec.av_packet_free(packet);
    avcodec.avcodec_free_context(context);
    if (!container.isNull()) {
      avformat.avformat_close_input(container);
    }
    bytes.close();
  }
}
