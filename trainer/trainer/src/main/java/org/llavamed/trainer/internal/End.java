package org.llavamed.trainer.internal;

import java.util.Map;

/** How a process ended, in words. */
final class End {
  private static final int SIGNALS = 128;
  private static final int KILL = 9;

  private static final Map<Integer, String> NAMES =
      Map.of(
          1, "SIGHUP", 2, "SIGINT", 4, "SIGILL", 6, "SIGABRT", 7, "SIGBUS", 8, "SIGFPE", KILL,
          "SIGKILL", 11, "SIGSEGV", 15, "SIGTERM");

  private End() {}

  /** Returns what an exit code says, as the rest of a sentence. */
  static String of(int code) {
    if (code <= SIGNALS || code > SIGNALS + 64) {
      return "ended with exit code %d".formatted(code);
    }
    int signal = code - SIGNALS;
    String name = NAMES.getOrDefault(signal, "a signal without a name here");
    return "was ended by signal %d (%s%s)"
        .formatted(
            signal, name, signal == KILL ? ", as the system does where memory runs out" : "");
  }
}
