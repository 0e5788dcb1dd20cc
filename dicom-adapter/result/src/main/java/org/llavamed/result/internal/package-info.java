/**
 * Annotations as result objects: Comprehensive 3D SR with TID 1500 for programs, Enhanced SR for
 * readers, Secondary Capture for every viewer, JSON of a published schema.
 */
@NullMarked
package org.llavamed.result.internal;

import org.jspecify.annotations.NullMarked;
