/** Character sets, bounded access to files, and the layout of encapsulated pixel data. */
@NullMarked
package org.llavamed.dicom.internal;

import org.jspecify.annotations.NullMarked;
