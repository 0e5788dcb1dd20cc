@NullMarked
package org.llavamed.dimse.internal;

import org.jspecify.annotations.NullMarked;
