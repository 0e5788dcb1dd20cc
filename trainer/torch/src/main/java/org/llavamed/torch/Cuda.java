package org.llavamed.torch;

import org.llavamed.engine.Device;
import org.llavamed.engine.EngineException;

/**
 * What only GPUs have. Its classes of JavaCPP lie in the jar of its CUDA presets, which is on the
 * class path of a GPU machine only, so they are looked up by name.
 */
final class Cuda {
  /** First compute capability with bf16 in hardware. */
  private static final int AMPERE = 8;

  private Cuda() {}

  /** Returns whether a GPU computes in bf16. */
  static boolean hasBf16(Device device) {
    try {
      Object properties =
          Class.forName("org.bytedeco.pytorch.global.torch_cuda")
              .getMethod("getDeviceProperties", byte.class)
              .invoke(null, (byte) device.index());
      Object major = properties.getClass().getMethod("major").invoke(properties);
      return (Integer) major >= AMPERE;
    } catch (ReflectiveOperationException | LinkageError e) {
      throw EngineException.invalid(
          "device " + device,
          "its properties cannot be read (%s)".formatted(e),
          "Put org.bytedeco:cuda of the version that PyTorch was built with on the class path",
          e);
    }
  }
}
