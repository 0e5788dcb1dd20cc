@NullMarked
package org.llavamed.deidentify.internal;

import org.jspecify.annotations.NullMarked;
