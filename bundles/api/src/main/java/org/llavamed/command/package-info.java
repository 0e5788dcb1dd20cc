/**
 * How a bundle contributes a command to {@code llavamed}, and how commands show text and progress.
 */
@Export
@Version("1.0.0")
@NullMarked
package org.llavamed.command;

import org.jspecify.annotations.NullMarked;
import org.osgi.annotation.bundle.Export;
import org.osgi.annotation.versioning.Version;
