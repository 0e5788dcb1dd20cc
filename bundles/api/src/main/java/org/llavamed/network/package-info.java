/**
 * Contracts of the network side: objects are sent to, found on and fetched from other systems, by
 * DIMSE (PS3.7, PS3.8) and by the web services of PS3.18.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.network;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
