/** The {@code data} commands. */
@NullMarked
package org.llavamed.data.internal;

import org.jspecify.annotations.NullMarked;
