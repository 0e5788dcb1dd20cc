/** Documents against templates and modules of the standard. */
@NullMarked
package org.llavamed.check.internal;

import org.jspecify.annotations.NullMarked;
