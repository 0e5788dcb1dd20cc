/**
 * Tests of what the services of the contracts promise. Every implementation extends them with a few
 * lines that make the service.
 */
@NullMarked
package org.llavamed.contract;

import org.jspecify.annotations.NullMarked;
