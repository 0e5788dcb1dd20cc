package org.llavamed.preprocess.internal;

/**
 * Where a picture lies along one axis of a canvas, in pixels.
 *
 * @param length of the canvas
 * @param offset of the picture in it
 * @param picture length of the picture
 */
record Axis(long length, long offset, int picture) {}
