package org.llavamed.torch;

import java.util.function.Supplier;
import org.llavamed.engine.EngineException;

/** What PyTorch's errors become. */
final class Failures {
  private Failures() {}

  /**
   * Runs a native call.
   *
   * @param operation with the shapes of its inputs, made only when it fails
   */
  static <T> T named(Supplier<String> operation, Supplier<T> call) {
    try {
      return call.get();
    } catch (EngineException e) {
      throw e;
    } catch (RuntimeException e) { // JavaCPP's form of a C++ exception
      String reason = firstLine(e);
      boolean memory = reason.contains("out of memory") || reason.contains("can't allocate memory");
      throw EngineException.invalid(
          operation.get(),
          "PyTorch refused it (%s)".formatted(reason),
          memory
              ? "Use smaller batches with more accumulation, or checkpoint the gradients"
              : "Check the shapes and types of what it was given",
          e);
    }
  }

  private static String firstLine(RuntimeException e) {
    return String.valueOf(e.getMessage()).lines().findFirst().orElse("no message").strip();
  }
}
