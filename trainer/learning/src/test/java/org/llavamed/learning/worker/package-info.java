@NullMarked
package org.llavamed.learning.worker;

import org.jspecify.annotations.NullMarked;
