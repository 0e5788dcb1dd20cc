/** How a bundle offers what reads bytes from outside to be tried with damaged ones. */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.fuzz;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
