/** Readers of picture files and the loader of the native tokenizers. */
@NullMarked
package org.llavamed.preprocess.internal;

import org.jspecify.annotations.NullMarked;
