/** JMH benchmarks of the hot paths: stored values, pictures, tensors. */
@NullMarked
package org.llavamed.benchmarks;

import org.jspecify.annotations.NullMarked;
