/** The codecs with the optional ones beside them. */
@NullMarked
package org.llavamed.codec.internal;

import org.jspecify.annotations.NullMarked;
