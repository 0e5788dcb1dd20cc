/** The model as it is trained, its recipes, the training loop, checkpoints. */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.learning;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
