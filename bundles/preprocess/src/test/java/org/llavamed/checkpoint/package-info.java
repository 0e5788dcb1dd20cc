/** Tests of reading checkpoints. */
@NullMarked
package org.llavamed.checkpoint;

import org.jspecify.annotations.NullMarked;
