package org.llavamed.imaging;

/**
 * A rendered frame.
 *
 * @param picture what a viewer would show, with square pixels
 * @param rendering how the grey values were mapped
 * @param storedColumns width of the frame as stored, in pixels: what is said of pixels of the
 *     object, for example coordinates, refers to it
 * @param storedRows height of the frame as stored, in pixels
 */
public record RenderedFrame(
    Picture picture, Rendering rendering, int storedColumns, int storedRows) {
  /** A frame whose picture has the size that is stored. */
  public RenderedFrame(Picture picture, Rendering rendering) {
    this(picture, rendering, picture.width(), picture.height());
  }
}
