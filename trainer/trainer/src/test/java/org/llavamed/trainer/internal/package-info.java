@NullMarked
package org.llavamed.trainer.internal;

import org.jspecify.annotations.NullMarked;
