@NullMarked
package org.llavamed.learning.loop;

import org.jspecify.annotations.NullMarked;
