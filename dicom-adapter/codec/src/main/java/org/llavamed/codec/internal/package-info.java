/**
 * Pixel data to stored values. {@link PixelFrameDecoder} chooses by transfer syntax; native, RLE,
 * deflated, DCT-based and lossless JPEG, and JPEG-LS frames each have a class of their own; the
 * headers of JPEG 2000 are checked here before JJ2000 decodes it; {@link StoredValues} masks
 * overlay bits and extends the sign for all of them. No size is allocated before it was checked
 * against the bytes that are there.
 */
@NullMarked
package org.llavamed.codec.internal;

import org.jspecify.annotations.NullMarked;
