/**
 * Checks of DICOM objects. {@link org.llavamed.check.DocumentCheck} holds an object against the
 * modules of PS3.3 and a document's content tree against the rules of its IOD and the templates of
 * PS3.16. What is demanded is data: tables beside the classes that read them.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.check;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
