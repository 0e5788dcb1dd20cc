/** The training loop: steps, checkpoints, features on disk, evaluation on the way. */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.learning.loop;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
