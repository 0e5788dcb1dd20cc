/** What all bundles say alike of files that cannot be read or written. */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.files;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
