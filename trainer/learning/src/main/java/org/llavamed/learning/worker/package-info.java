/** The process that trains: its arguments, its signals, and its end. */
@NullMarked
package org.llavamed.learning.worker;

import org.jspecify.annotations.NullMarked;
