/** Study in, annotations out: inputs, grouping, choice of pictures, protocol, orchestration. */
@NullMarked
package org.llavamed.annotator.internal;

import org.jspecify.annotations.NullMarked;
