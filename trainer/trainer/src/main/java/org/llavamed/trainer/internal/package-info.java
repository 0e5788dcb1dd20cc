/** The commands of training; starts, watches and stops the worker processes. */
@NullMarked
package org.llavamed.trainer.internal;

import org.jspecify.annotations.NullMarked;
