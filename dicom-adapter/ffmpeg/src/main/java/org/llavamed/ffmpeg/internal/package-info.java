/**
 * High-throughput JPEG 2000 and video frames; optional. {@link FfmpegDecoder} chooses; {@link
 * StillDecoder} decodes a frame that stands alone, {@link VideoStream} the frames of a video one
 * after the other, {@link Planes} brings both from FFmpeg's pixel formats to samples. All native
 * memory is freed where it was allocated, not by the garbage collector.
 */
@NullMarked
package org.llavamed.ffmpeg.internal;

import org.jspecify.annotations.NullMarked;
