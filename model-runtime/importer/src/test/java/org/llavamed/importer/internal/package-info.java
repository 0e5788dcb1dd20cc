/** Tests of the importer. */
@NullMarked
package org.llavamed.importer.internal;

import org.jspecify.annotations.NullMarked;
