package org.llavamed.command;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * An exception whose message tells the user everything: where, what was found, what was expected,
 * what to do. {@code llavamed} prints it as it is; other exceptions it reports as unexpected.
 */
@ConsumerType
public interface Explained {}
