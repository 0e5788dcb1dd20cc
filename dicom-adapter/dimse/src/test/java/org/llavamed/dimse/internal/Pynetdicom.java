package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds a Python that has pynetdicom, or makes one below the build folder. */
final class Pynetdicom {
  private static final String VERSION = "pynetdicom==3.0.4";
  private static final Path ENVIRONMENT = Path.of("target", "pynetdicom").toAbsolutePath();

  private Pynetdicom() {}

  /**
   * Returns the interpreter: of the system property {@code pynetdicom.python}, the one of the
   * system, or one of a new environment; where none has pynetdicom the test is skipped.
   */
  static synchronized Path python() throws IOException, InterruptedException {
    Path own = ENVIRONMENT.resolve("bin/python");
    for (Path python :
        new Path[] {Path.of(System.getProperty("pynetdicom.python", "python3")), own}) {
      if (has(python)) {
        return python;
      }
    }
    Path failed = ENVIRONMENT.resolveSibling("pynetdicom.failed");
    if (!Files.exists(failed) && !(install(own) && has(own))) {
      Files.createDirectories(failed.getParent());
      Files.writeString(failed, "not installable");
    }
    Program.skipUnless(
        !Files.exists(failed),
        "pynetdicom is not installed and cannot be had from PyPI: associations with it are left"
            + " out");
    return own;
  }

  /** Puts the peer's program into a folder. */
  static Path script(Path folder) throws IOException {
    Path script = folder.resolve("peer.py");
    try (InputStream in = Pynetdicom.class.getResourceAsStream("peer.py")) {
      Files.copy(java.util.Objects.requireNonNull(in, "peer.py"), script);
    }
    return script;
  }

  private static boolean has(Path python) throws InterruptedException {
    return succeeds(python, "-c", "import pynetdicom");
  }

  private static boolean install(Path own) throws InterruptedException {
    return succeeds(Path.of("python3"), "-m", "venv", ENVIRONMENT)
        && succeeds(own, "-m", "pip", "install", "-q", "--timeout", "10", VERSION);
  }

  private static boolean succeeds(Object... command) throws InterruptedException {
    try (Program program = Program.start(Path.of("").toAbsolutePath(), command)) {
      return program.exitCode() == 0;
    } catch (IOException e) {
      System.out.println("Not started: " + e);
      return false;
    }
  }
}
