/** The commands of {@code llavamed} and the service that runs them. */
@NullMarked
package org.llavamed.command.internal;

import org.jspecify.annotations.NullMarked;
