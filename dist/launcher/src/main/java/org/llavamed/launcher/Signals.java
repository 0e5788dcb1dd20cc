package org.llavamed.launcher;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns SIGINT, SIGTERM and SIGHUP into an interrupt of the command thread, so that the command
 * ends in order and the process exits by {@link Main} alone. Without this the JVM would run its
 * shutdown hooks at once, among them the one by which ONNX Runtime frees what a running session
 * still uses. A second signal ends the process without any hook.
 */
final class Signals {
  private static final Map<String, Integer> CODES = Map.of("INT", 130, "TERM", 143, "HUP", 129);

  private int code;
  private @Nullable Thread command;

  /**
   * Catches the signals from now on; where the JVM was started with -Xrs they stay as they are.
   * {@code sun.misc.Signal} (module jdk.unsupported) is reached by reflection, since a compiler
   * that treats warnings as errors refuses its name.
   */
  void install() {
    CODES.forEach(
        (name, exit) -> {
          try {
            install(name, exit);
          } catch (ReflectiveOperationException e) {
            System.getLogger(Signals.class.getName())
                .log(System.Logger.Level.DEBUG, "Signal {0} cannot be caught: {1}", name, e);
          }
        });
  }

  private void install(String name, int exit) throws ReflectiveOperationException {
    Class<?> signal = Class.forName("sun.misc.Signal");
    Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
    Object handler =
        Proxy.newProxyInstance(
            Signals.class.getClassLoader(),
            new Class<?>[] {handlerType},
            (proxy, method, arguments) -> {
              received(exit);
              return null;
            });
    signal
        .getMethod("handle", signal, handlerType)
        .invoke(null, signal.getConstructor(String.class).newInstance(name), handler);
  }

  /** Handles a signal whose exit code is {@code exit}. */
  synchronized void received(int exit) {
    if (code != 0) {
      Runtime.getRuntime().halt(exit);
    }
    code = exit;
    if (command != null) {
      command.interrupt();
    }
  }

  /** Makes the current thread the one that a signal interrupts; at once where one came before. */
  synchronized void enter() {
    command = Thread.currentThread();
    if (code != 0) {
      command.interrupt();
    }
  }

  /** Ends what {@link #enter} began, and clears the interrupt. */
  synchronized void leave() {
    command = null;
    Thread.interrupted();
  }

  /** Returns the exit code of the signal that came; 0 where none did. */
  synchronized int code() {
    return code;
  }
}
