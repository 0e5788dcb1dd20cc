/** Tests of the evaluation. */
@NullMarked
package org.llavamed.evaluation.internal;

import org.jspecify.annotations.NullMarked;
