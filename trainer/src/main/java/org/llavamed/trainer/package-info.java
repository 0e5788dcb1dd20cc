/** The training curriculum: alignment, instruction tuning, VQA fine-tuning, evaluation. */
@NullMarked
package org.llavamed.trainer;

import org.jspecify.annotations.NullMarked;
