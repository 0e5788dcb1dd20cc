/** The launcher's own classes, on the folder that ships. */
@NullMarked
package org.llavamed.launcher;

import org.jspecify.annotations.NullMarked;
