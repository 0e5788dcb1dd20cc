package org.llavamed.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where tensors lie and are computed.
 *
 * @param kind CPU or GPU
 * @param index number of the GPU, from 0; 0 for the CPU
 */
public record Device(Kind kind, int index) {
  /** The CPU. */
  public static final Device CPU = new Device(Kind.CPU, 0);

  private static final int LAST = 63;
  private static final Pattern CUDA = Pattern.compile("cuda(?::(\\d{1,2}))?");

  /** Kinds of devices. */
  public enum Kind {
    /** The processor. */
    CPU,
    /** A GPU that speaks CUDA. */
    CUDA
  }

  /**
   * Checks the number.
   *
   * @throws IllegalArgumentException if it is negative or above 63, or names another CPU than the
   *     first
   */
  public Device {
    if (index < 0 || index > LAST || (kind == Kind.CPU && index != 0)) {
      throw new IllegalArgumentException(
          "device %s has the number %d, expected 0 to 63 for a GPU and 0 for the CPU"
              .formatted(kind, index));
    }
  }

  /**
   * Reads {@code cpu}, {@code cuda} (the first GPU) or {@code cuda:N}.
   *
   * @throws EngineException if it is something else
   */
  public static Device parse(String text) {
    Matcher cuda = CUDA.matcher(text);
    if (cuda.matches()) {
      int index = cuda.group(1) == null ? 0 : Integer.parseInt(cuda.group(1));
      if (index <= LAST) {
        return new Device(Kind.CUDA, index);
      }
    }
    if (text.equals("cpu")) {
      return CPU;
    }
    throw EngineException.invalid(
        "device '" + text + "'", "it is unknown", "Write cpu, cuda or cuda:N with N from 0 to 63");
  }

  @Override
  public String toString() {
    return kind == Kind.CPU ? "cpu" : "cuda:" + index;
  }
}
