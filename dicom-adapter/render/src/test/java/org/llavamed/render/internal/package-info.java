@NullMarked
package org.llavamed.render.internal;

import org.jspecify.annotations.NullMarked;
