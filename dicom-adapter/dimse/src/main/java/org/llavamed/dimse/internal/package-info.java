/** Associations, and the services of PS3.4 over them. */
@NullMarked
package org.llavamed.dimse.internal;

import org.jspecify.annotations.NullMarked;
