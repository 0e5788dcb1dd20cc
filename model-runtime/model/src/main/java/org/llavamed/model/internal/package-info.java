/**
 * Runs model folders on ONNX Runtime: folder, sessions, key-value cache, continuous batches. All
 * ONNX Runtime types stay in this package.
 */
@NullMarked
package org.llavamed.model.internal;

import org.jspecify.annotations.NullMarked;
