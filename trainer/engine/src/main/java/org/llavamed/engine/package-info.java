/** The operations that training needs of a tensor library, without one. */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.engine;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
