@NullMarked
package org.llavamed.dicomweb.internal;

import org.jspecify.annotations.NullMarked;
