/** The direction of the arrows between the modules, held in the build. */
@NullMarked
package org.llavamed.architecture;

import org.jspecify.annotations.NullMarked;
