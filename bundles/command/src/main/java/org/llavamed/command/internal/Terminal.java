package org.llavamed.command.internal;

/** Knows whether a person watches. */
final class Terminal {
  /**
   * System property by which the start script says that standard output and standard error go to a
   * terminal. Java itself cannot tell on all its versions.
   */
  static final String PROPERTY = "llavamed.terminal";

  private Terminal() {}

  static boolean isPresent() {
    return Boolean.getBoolean(PROPERTY);
  }
}
