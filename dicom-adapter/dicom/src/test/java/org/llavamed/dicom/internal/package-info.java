@NullMarked
package org.llavamed.dicom.internal;

import org.jspecify.annotations.NullMarked;
