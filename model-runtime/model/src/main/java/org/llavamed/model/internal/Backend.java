package org.llavamed.model.internal;

import java.util.Optional;
import org.llavamed.inference.ModelException;

/**
 * What graphs run on, and why.
 *
 * @param cuda whether on a CUDA device, else on the CPU
 * @param surprising whether a person may have expected something else
 * @param reason one sentence without full stop
 */
record Backend(boolean cuda, boolean surprising, String reason) {
  /** What the build of ONNX Runtime and the machine have. Asked only as far as needed. */
  interface Cuda {
    /** Returns whether ONNX Runtime was built with CUDA. Says nothing about the machine. */
    boolean built();

    /** Tries to use the device, and returns what ONNX Runtime says where it cannot be used. */
    Optional<String> obstacle();
  }

  /**
   * Chooses what graphs run on.
   *
   * @throws ModelException if CUDA is asked for and cannot be used
   */
  static Backend choose(SessionSettings settings, Cuda cuda) {
    if (settings.provider() == Provider.CPU) {
      return new Backend(false, false, "the CPU: executionProvider is cpu");
    }
    boolean must = settings.provider() == Provider.CUDA;
    if (!cuda.built()) {
      if (must) {
        throw refused(
            "this build of ONNX Runtime has no CUDA",
            "Build the distribution with the Maven profile 'cuda' (docs/cuda.md)");
      }
      return new Backend(false, false, "the CPU: this build of ONNX Runtime has no CUDA");
    }
    Optional<String> obstacle = cuda.obstacle();
    if (obstacle.isEmpty()) {
      return new Backend(
          true, true, "CUDA device %d: it is there and works".formatted(settings.deviceId()));
    }
    String said = firstLine(obstacle.get());
    if (must) {
      throw refused("CUDA cannot be used (" + said + ")", advice(said));
    }
    return new Backend(
        false, true, "the CPU: CUDA cannot be used (%s). %s".formatted(said, advice(said)));
  }

  private static ModelException refused(String found, String advice) {
    return ModelException.invalid(
        "executionProvider=cuda",
        found,
        advice + ", or set executionProvider to auto or cpu in conf/org.llavamed.model.cfg");
  }

  /** Returns what to do, as far as the words of ONNX Runtime and CUDA tell. */
  private static String advice(String said) {
    if (said.contains("libcuda.so") || said.contains("driver version is insufficient")) {
      return "Install an NVIDIA driver for CUDA 12";
    }
    if (said.contains("cannot open shared object file") || said.contains("error loading")) {
      return "Install the libraries of CUDA 12 (cudart, cublas, cublasLt, curand) and cuDNN 9 and"
          + " name their folder in LD_LIBRARY_PATH";
    }
    if (said.contains("CUDA shared provider")) {
      return "Copy the natives of onnxruntime_gpu, all of them, into the folder natives of the"
          + " distribution (docs/cuda.md)";
    }
    if (said.contains("no CUDA-capable device") || said.contains("invalid device ordinal")) {
      return "Check with nvidia-smi that the device is there and that deviceId names it";
    }
    if (said.contains("out of memory")) {
      return "Free memory of the device, or set gpuMemoryLimitMegabytes higher";
    }
    return "Check the driver and the device with nvidia-smi";
  }

  private static String firstLine(String message) {
    return message.strip().lines().findFirst().orElse("no message");
  }
}
