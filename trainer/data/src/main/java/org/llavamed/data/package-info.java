/** Training and evaluation data: samples, splits, labels, batches. */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.data;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
