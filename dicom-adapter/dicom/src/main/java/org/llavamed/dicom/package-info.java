/**
 * DICOM objects in memory and in files: {@link org.llavamed.dicom.DataSet} holds the attributes of
 * PS3.5 section 7 with their value representations, {@link org.llavamed.dicom.Part10Writer} takes
 * them to files of PS3.10. {@link org.llavamed.dicom.Dictionary} is the registry of PS3.6; the
 * constants of {@code Tag} and {@code Uids} are generated from the same tables.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.dicom;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
