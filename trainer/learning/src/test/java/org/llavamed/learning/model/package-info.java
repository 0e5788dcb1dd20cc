/** Tests of the model. */
@NullMarked
package org.llavamed.learning.model;

import org.jspecify.annotations.NullMarked;
