package org.llavamed.model.internal;

import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtProvider;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.providers.OrtCUDAProviderOptions;
import java.util.Base64;
import java.util.Optional;

/** A CUDA device as ONNX Runtime uses it. */
final class CudaDevice implements Backend.Cuda {
  /** The graph y = x + x over one number, opset 17: the least that a session can be made of. */
  static final byte[] LEAST_GRAPH =
      Base64.getDecoder()
          .decode(
              "CAg6NQoOCgF4CgF4EgF5IgNBZGQSAWdaDwoBeBIKCggIARIECgIIAWIPCgF5EgoKCAgBEgQKAggBQgIQEQ==");

  private final SessionSettings settings;

  CudaDevice(SessionSettings settings) {
    this.settings = settings;
  }

  @Override
  public boolean built() {
    Onnx.environment();
    return OrtEnvironment.getAvailableProviders().contains(OrtProvider.CUDA);
  }

  @Override
  public Optional<String> obstacle() {
    try (SessionOptions options = new SessionOptions()) {
      use(options);
      try (OrtSession session = Onnx.environment().createSession(LEAST_GRAPH, options)) {
        return session.getNumInputs() == 1
            ? Optional.empty()
            : Optional.of("the trial session has %d inputs".formatted(session.getNumInputs()));
      }
    } catch (OrtException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
  }

  /** Makes sessions run on the device; what it cannot run stays on the CPU. */
  void use(SessionOptions options) throws OrtException {
    try (OrtCUDAProviderOptions cuda = new OrtCUDAProviderOptions(settings.deviceId())) {
      // Without this the arena doubles, and takes up to twice the memory of the weights.
      cuda.add("arena_extend_strategy", "kSameAsRequested");
      // The exhaustive search would try all convolutions at the first picture.
      cuda.add("cudnn_conv_algo_search", "HEURISTIC");
      // Graphs in full precision stay in full precision.
      cuda.add("use_tf32", "0");
      if (settings.gpuMemoryLimitMegabytes() > 0) {
        cuda.add("gpu_mem_limit", Long.toString((long) settings.gpuMemoryLimitMegabytes() << 20));
      }
      options.addCUDA(cuda);
    }
  }
}
