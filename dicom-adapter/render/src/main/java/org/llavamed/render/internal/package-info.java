/**
 * Stored values to what a viewer shows: {@link StandardFrameRenderer} tells grey from colour; grey
 * goes through modality transformation, VOI and presentation (PS3.3 C.11, PS3.4 N.2), each in a
 * class of its own, but for values that a supplemental palette maps. Values of 8 and 16 bits go
 * through one table a frame. Shutters, overlays, the displayed area with square pixels, and
 * graphics follow (PS3.3 C.7.6.11, C.9.2, C.10).
 *
 * <p>Left out on purpose: enhanced palettes, which mix colours of several frames (an error by
 * name), and display shutters of the object itself.
 */
@NullMarked
package org.llavamed.render.internal;

import org.jspecify.annotations.NullMarked;
