package org.llavamed.imaging;

/**
 * A rendered frame.
 *
 * @param picture what a viewer would show
 * @param rendering how the grey values were mapped
 */
public record RenderedFrame(Picture picture, Rendering rendering) {}
