@NullMarked
package org.llavamed.learning.run;

import org.jspecify.annotations.NullMarked;
