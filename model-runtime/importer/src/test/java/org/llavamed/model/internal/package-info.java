/** What the importer's tests need of the runtime's package. */
@NullMarked
package org.llavamed.model.internal;

import org.jspecify.annotations.NullMarked;
