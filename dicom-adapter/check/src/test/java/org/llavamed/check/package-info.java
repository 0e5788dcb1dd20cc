/** Tests of the checks, on documents of other programs and on mutants of them. */
@NullMarked
package org.llavamed.check;

import org.jspecify.annotations.NullMarked;
