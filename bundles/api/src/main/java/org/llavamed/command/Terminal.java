package org.llavamed.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Knows whether a person watches. */
public final class Terminal {
  /**
   * System property by which a start script says whether standard output and standard error go to a
   * terminal. Java itself cannot tell on all its versions; without the property Linux is asked, and
   * other systems are taken for none.
   */
  public static final String PROPERTY = "llavamed.terminal";

  /** System property by which a start script says how many characters a line of it has. */
  public static final String COLUMNS = "llavamed.columns";

  private static final int FEWEST_COLUMNS = 40;

  private static final String OPEN_FILES = "/proc/self/fd";

  private Terminal() {}

  /** Returns whether both outputs go to a terminal. */
  public static boolean isPresent() {
    String said = System.getProperty(PROPERTY);
    return said == null ? isTerminal("1") && isTerminal("2") : Boolean.parseBoolean(said);
  }

  /** Returns the characters of a line; no limit where nobody watches or nothing is said. */
  public static int columns() {
    int said = Integer.getInteger(COLUMNS, 0);
    return said > 0 && isPresent() ? Math.max(FEWEST_COLUMNS, said) : Integer.MAX_VALUE;
  }

  /** Returns whether standard output goes to another program, as far as Linux tells. */
  public static boolean isPipe() {
    try {
      return Files.readSymbolicLink(Path.of(OPEN_FILES, "1")).toString().startsWith("pipe:");
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean isTerminal(String descriptor) {
    try {
      Path device = Path.of(OPEN_FILES, descriptor).toRealPath();
      return device.startsWith("/dev/pts")
          || device.startsWith("/dev/console")
          || device.toString().matches("/dev/tty.*");
    } catch (IOException e) {
      return false;
    }
  }
}
