package org.llavamed.model.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.Result;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.inference.ModelException;

class BackendTest {
  private static final String CONFIGURATION =
      ", or set executionProvider to auto or cpu in conf/org.llavamed.model.cfg.";

  /** A build and a machine, in words. */
  private record Fake(boolean built, Optional<String> obstacle) implements Backend.Cuda {}

  /** Fails where a decision does not need to know. */
  private static final class Unasked implements Backend.Cuda {
    @Override
    public boolean built() {
      throw new AssertionError("asked for the build");
    }

    @Override
    public Optional<String> obstacle() {
      throw new AssertionError("asked for the device");
    }
  }

  private static final Fake WITHOUT = new Fake(false, Optional.of("is not asked"));
  private static final Fake WORKS = new Fake(true, Optional.empty());

  private static Fake fails(String message) {
    return new Fake(true, Optional.of(message));
  }

  private static SessionSettings asks(Provider provider) {
    return new SessionSettings(provider, 1, 0, DecoderVariant.AUTO, Optional.empty(), false);
  }

  @Test
  void cpuAsksForNothingElse() {
    Backend backend = Backend.choose(asks(Provider.CPU), new Unasked());
    assertThat(backend).isEqualTo(new Backend(false, false, "the CPU: executionProvider is cpu"));
  }

  @Test
  void autoTakesTheCpuWhereTheBuildHasNoCuda() {
    assertThat(Backend.choose(asks(Provider.AUTO), WITHOUT))
        .isEqualTo(new Backend(false, false, "the CPU: this build of ONNX Runtime has no CUDA"));
  }

  @ParameterizedTest
  @EnumSource(
      value = Provider.class,
      names = {"AUTO", "CUDA"})
  void aDeviceThatWorksIsUsed(Provider provider) {
    assertThat(Backend.choose(asks(provider), WORKS))
        .isEqualTo(new Backend(true, true, "CUDA device 1: it is there and works"));
  }

  /** Messages of ONNX Runtime 1.29 and CUDA 12, the first and the third recorded, with advice. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Error code - ORT_RUNTIME_EXCEPTION - message: Failed to load library"
            + " libonnxruntime_providers_cuda.so with error: libcublasLt.so.12: cannot open shared"
            + " object file: No such file or directory | Install the libraries of CUDA 12 (cudart,"
            + " cublas, cublasLt, curand) and cuDNN 9 and name their folder in LD_LIBRARY_PATH",
        "libcuda.so.1: cannot open shared object file | Install an NVIDIA driver for CUDA 12",
        "Failed to find CUDA shared provider | Copy the natives of onnxruntime_gpu, all of them,"
            + " into the folder natives of the distribution (docs/cuda.md)",
        "CUDA failure 35: CUDA driver version is insufficient for CUDA runtime version | Install an"
            + " NVIDIA driver for CUDA 12",
        "CUDA failure 100: no CUDA-capable device is detected | Check with nvidia-smi that the"
            + " device is there and that deviceId names it",
        "CUDA failure 101: invalid device ordinal | Check with nvidia-smi that the device is there"
            + " and that deviceId names it",
        "CUDA failure 2: out of memory | Free memory of the device, or set gpuMemoryLimitMegabytes"
            + " higher",
        "something else | Check the driver and the device with nvidia-smi",
      })
  void whatPreventsCudaIsSaidWithAdvice(String message, String advice) {
    assertThat(Backend.choose(asks(Provider.AUTO), fails(message + "\n  at a frame")))
        .isEqualTo(
            new Backend(
                false, true, "the CPU: CUDA cannot be used (%s). %s".formatted(message, advice)));
    assertThatThrownBy(() -> Backend.choose(asks(Provider.CUDA), fails(message)))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "executionProvider=cuda: CUDA cannot be used (%s). %s%s"
                .formatted(message, advice, CONFIGURATION));
  }

  @Test
  void cudaFromABuildWithoutItIsAnError() {
    assertThatThrownBy(() -> Backend.choose(asks(Provider.CUDA), WITHOUT))
        .isInstanceOf(ModelException.class)
        .hasMessage(
            "executionProvider=cuda: this build of ONNX Runtime has no CUDA. Build the distribution"
                + " with the Maven profile 'cuda' (docs/cuda.md)"
                + CONFIGURATION);
  }

  @Test
  void theTrialGraphAddsANumberToItself() throws OrtException {
    OrtEnvironment environment = Onnx.environment();
    try (SessionOptions options = new SessionOptions();
        OrtSession session = environment.createSession(CudaDevice.LEAST_GRAPH, options);
        OnnxTensor number = OnnxTensor.createTensor(environment, new float[] {3});
        Result sum = session.run(Map.of("x", number))) {
      assertThat(session.getNumInputs()).isEqualTo(1);
      assertThat((float[]) sum.get(0).getValue()).containsExactly(6);
    }
  }

  /** With the natives that this build is tested with, the options and the trial are real. */
  @Test
  void theTrialSessionSaysWhyThisMachineHasNoCuda() {
    CudaDevice device = new CudaDevice(SessionSettings.DEFAULT);
    Optional<String> obstacle = device.obstacle();
    System.out.println("CUDA built in: " + device.built() + ", obstacle: " + obstacle);
    if (!device.built()) {
      assertThat(obstacle)
          .hasValueSatisfying(said -> assertThat(said).containsIgnoringCase("cuda"));
    }
  }
}
