/**
 * Contracts of the model side: a model looks at a picture once and answers any number of questions
 * about it.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.inference;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
