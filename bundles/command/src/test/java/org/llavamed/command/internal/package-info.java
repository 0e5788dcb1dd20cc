/** Tests of the commands, driven through the dispatcher with hand-written services. */
@NullMarked
package org.llavamed.command.internal;

import org.jspecify.annotations.NullMarked;
