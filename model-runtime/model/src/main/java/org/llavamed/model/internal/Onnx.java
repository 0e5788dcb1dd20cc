package org.llavamed.model.internal;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;
import org.llavamed.inference.ModelException;

/** ONNX Runtime's environment, one for the whole process. */
final class Onnx {
  private static final Logger LOG = System.getLogger(Onnx.class.getName());
  private static final OrtLoggingLevel LEVEL = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR;
  private static final Path COMMAND_LINE = Path.of("/proc/self/cmdline");

  /**
   * Stack of the thread that starts ONNX Runtime, in bytes, and more for each byte of arguments.
   */
  private static final long STACK = 4L << 20;

  private static final long STACK_PER_BYTE = 512;

  private static @Nullable OrtEnvironment shared;

  private Onnx() {}

  /**
   * Returns the environment; the first call loads the natives.
   *
   * @throws ModelException if there are no natives for this platform or they cannot be loaded
   */
  static synchronized OrtEnvironment environment() {
    OrtEnvironment environment = shared;
    if (environment == null) {
      environment = createWithRoom();
      shared = environment;
    }
    return environment;
  }

  /**
   * On Linux, ONNX Runtime 1.29 matches the command line of the process with a regular expression
   * whose recursion takes about 240 bytes of stack for each byte of it: some thousand characters of
   * file names or of a question would end the process. So the stack is made as large as needed.
   */
  private static OrtEnvironment createWithRoom() {
    FutureTask<OrtEnvironment> start = new FutureTask<>(Onnx::create);
    new Thread(null, start, "onnxruntime-start", STACK + STACK_PER_BYTE * argumentBytes()).start();
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return start.get();
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          if (e.getCause() instanceof ModelException named) {
            throw named;
          }
          throw new IllegalStateException("Starting ONNX Runtime failed", e);
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Returns the length of the process's command line; 0 on systems that do not tell. */
  private static long argumentBytes() {
    try {
      return Files.isReadable(COMMAND_LINE) ? Files.readAllBytes(COMMAND_LINE).length : 0;
    } catch (IOException e) {
      return 0;
    }
  }

  private static OrtEnvironment create() {
    OrtEnvironment environment;
    try {
      environment = OrtEnvironment.getEnvironment(LEVEL, "llavamed");
      environment.setTelemetry(false);
    } catch (OrtException | RuntimeException | LinkageError e) {
      throw ModelException.invalid(
          "ONNX Runtime",
          "its natives cannot be loaded on %s %s (%s)"
              .formatted(System.getProperty("os.name"), System.getProperty("os.arch"), e),
          "Use Linux (x86-64, aarch64), macOS (aarch64) or Windows (x86-64), or name a folder with"
              + " natives in the system property onnxruntime.native.path",
          e);
    }
    holdUntilTheProcessEnds();
    return environment;
  }

  /**
   * ONNX Runtime releases its environment in a shutdown hook, under a run that is still in flight,
   * and the process crashes. The environment counts its references: one more, never given back,
   * keeps it alive. The Java API has no call for that, so its private one is used; where it is
   * another one day, exits during a run are as they were.
   */
  private static void holdUntilTheProcessEnds() {
    try {
      Class<?> runtime = Class.forName("ai.onnxruntime.OnnxRuntime", true, loader());
      Field api = runtime.getDeclaredField("ortApiHandle");
      api.setAccessible(true);
      Method create =
          OrtEnvironment.class.getDeclaredMethod(
              "createHandle", long.class, int.class, String.class);
      create.setAccessible(true);
      create.invoke(null, api.getLong(null), LEVEL.getValue(), "llavamed-hold");
    } catch (ReflectiveOperationException | RuntimeException e) {
      LOG.log(Level.DEBUG, "ONNX Runtime's environment cannot be held until the process ends", e);
    }
  }

  private static ClassLoader loader() {
    return OrtEnvironment.class.getClassLoader();
  }
}
