/**
 * Contracts of the annotation side: a protocol asks questions of the pictures of a study, the
 * answers form an annotation, and an annotation is written as result objects, all marked as
 * research.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.annotation;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
