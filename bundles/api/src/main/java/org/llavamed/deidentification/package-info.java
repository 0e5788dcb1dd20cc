/**
 * Contracts of de-identification: a file becomes a copy without what identifies the patient, by the
 * Basic Application Level Confidentiality Profile of PS3.15 annex E and its options.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.deidentification;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
