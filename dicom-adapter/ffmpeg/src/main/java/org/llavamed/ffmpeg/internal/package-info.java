/** High-throughput JPEG 2000 and video frames; optional. */
@NullMarked
package org.llavamed.ffmpeg.internal;

import org.jspecify.annotations.NullMarked;
