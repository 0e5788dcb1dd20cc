/** What only a running framework can show. */
@NullMarked
package org.llavamed.itest;

import org.jspecify.annotations.NullMarked;
