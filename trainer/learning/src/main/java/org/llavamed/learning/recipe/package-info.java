/** Recipes: what a run of training does, as a file says it. */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.learning.recipe;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
