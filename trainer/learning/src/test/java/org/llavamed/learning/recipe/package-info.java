@NullMarked
package org.llavamed.learning.recipe;

import org.jspecify.annotations.NullMarked;
