/** Tests of the folder that ships, started as a user starts it. */
@NullMarked
package org.llavamed.distribution;

import org.jspecify.annotations.NullMarked;
