/**
 * The process around the product: starts the framework with the bundles of a distribution folder,
 * calls the command service and ends in order. A plain jar on the class path; it shares with the
 * bundles no type but those of {@code java.*}.
 */
@NullMarked
package org.llavamed.launcher;

import org.jspecify.annotations.NullMarked;
