/** Opens the product's runtime without a framework. */
@NullMarked
package org.llavamed.model.internal;

import org.jspecify.annotations.NullMarked;
