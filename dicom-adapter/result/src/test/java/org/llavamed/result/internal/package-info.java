/**
 * Tests of the result objects: the objects themselves, and what other people's tools say of them.
 */
@NullMarked
package org.llavamed.result.internal;

import org.jspecify.annotations.NullMarked;
