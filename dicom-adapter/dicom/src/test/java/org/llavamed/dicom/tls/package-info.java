@NullMarked
package org.llavamed.dicom.tls;

import org.jspecify.annotations.NullMarked;
