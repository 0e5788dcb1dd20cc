/** How well a model answers: metrics, controls, intervals, reports. */
@NullMarked
package org.llavamed.evaluation.internal;

import org.jspecify.annotations.NullMarked;
