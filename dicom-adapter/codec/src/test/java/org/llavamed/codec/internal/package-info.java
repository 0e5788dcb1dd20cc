@NullMarked
package org.llavamed.codec.internal;

import org.jspecify.annotations.NullMarked;
