/**
 * Answers that obey a JSON schema: what may be written next, byte by byte, and the tokens of a
 * vocabulary that write it.
 */
@NullMarked
package org.llavamed.model.internal.schema;

import org.jspecify.annotations.NullMarked;
