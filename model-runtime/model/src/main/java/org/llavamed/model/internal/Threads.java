package org.llavamed.model.internal;

/**
 * The threads that run graphs.
 *
 * @param count at least 1
 * @param spinning whether they wait actively for work
 */
record Threads(int count, boolean spinning) {}
