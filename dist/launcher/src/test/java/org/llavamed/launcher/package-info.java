/** Tests of the launcher, on bundles made for them. */
@NullMarked
package org.llavamed.launcher;

import org.jspecify.annotations.NullMarked;
