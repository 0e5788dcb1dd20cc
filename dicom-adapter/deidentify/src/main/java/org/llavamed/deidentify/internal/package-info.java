/** The profiles of PS3.15 annex E. */
@NullMarked
package org.llavamed.deidentify.internal;

import org.jspecify.annotations.NullMarked;
