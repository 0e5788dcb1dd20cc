/**
 * Contracts of the imaging side: an object is read, one frame of it is decoded to stored values,
 * and stored values are rendered to a picture. No library type occurs here, so that a host can
 * bring a DICOM toolkit of its own.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.imaging;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
