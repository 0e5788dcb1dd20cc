/** Tests of the annotator with hand-written services. */
@NullMarked
package org.llavamed.annotator.internal;

import org.jspecify.annotations.NullMarked;
