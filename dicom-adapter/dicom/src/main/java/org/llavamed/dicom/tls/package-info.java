/**
 * TLS for all that speaks DICOM over a network, by DIMSE or HTTP (PS3.15 annexes B.9 to B.11): one
 * set of versions and ciphers, one way to read keys and certificates.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.dicom.tls;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
