package org.llavamed.evaluation.internal;

/**
 * What a judge says of two answers.
 *
 * @param first score of the first answer, 1 to 10
 * @param second score of the second answer, 1 to 10
 * @param text all that the judge said
 */
record Verdict(double first, double second, String text) {}
