/** A client of the web services of PS3.18. */
@NullMarked
package org.llavamed.dicomweb.internal;

import org.jspecify.annotations.NullMarked;
