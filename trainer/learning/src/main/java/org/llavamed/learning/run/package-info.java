/** A run of training: its folder, and what its worker processes tell. */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.learning.run;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
