package org.llavamed.command.internal;

import java.nio.file.Path;

/** The folder of the distribution. */
final class Home {
  /** System property that the launcher sets. */
  static final String PROPERTY = "llavamed.home";

  private Home() {}

  /** Returns the folder of the sample studies. */
  static Path samples() {
    return Path.of(System.getProperty(PROPERTY, ".")).resolve("samples");
  }
}
