@NullMarked
package org.llavamed.ffmpeg.internal;

import org.jspecify.annotations.NullMarked;
