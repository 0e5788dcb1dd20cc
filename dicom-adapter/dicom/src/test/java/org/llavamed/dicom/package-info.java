@NullMarked
package org.llavamed.dicom;

import org.jspecify.annotations.NullMarked;
