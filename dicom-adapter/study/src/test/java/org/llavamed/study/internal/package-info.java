/** Tests of the studies. */
@NullMarked
package org.llavamed.study.internal;

import org.jspecify.annotations.NullMarked;
