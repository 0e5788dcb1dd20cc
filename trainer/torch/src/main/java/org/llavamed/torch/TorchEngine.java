package org.llavamed.torch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.openblas.global.openblas_full;
import org.bytedeco.pytorch.MemoryFormatOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.llavamed.engine.AdamW;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.EngineException;
import org.llavamed.engine.ProcessGroup;
import org.llavamed.engine.Rendezvous;
import org.llavamed.engine.Scope;
import org.llavamed.engine.Tensor;

/** PyTorch on one device. */
final class TorchEngine implements Engine {
  /** What PyTorch adds to a norm before it divides by it. */
  private static final double NEARLY_ZERO = 1e-6;

  private final Device device;
  private final RandomState random;

  /**
   * Takes a device.
   *
   * @throws EngineException if it is not there
   */
  TorchEngine(Device device) {
    this.device = device;
    if (device.kind() == Device.Kind.CUDA) {
      int count = torch.cuda_is_available() ? torch.cuda_device_count() : 0;
      if (device.index() >= count) {
        throw EngineException.invalid(
            "device " + device,
            "PyTorch sees %d GPUs".formatted(count),
            "Use cpu, or a GPU below that number with the GPU build of the natives and CUDA");
      }
    }
    this.random = new RandomState(device);
  }

  @Override
  public String version() {
    try {
      return "PyTorch by JavaCPP, " + Loader.getVersion("org.bytedeco", "pytorch");
    } catch (IOException e) {
      return "PyTorch by JavaCPP"; // the jar was packed anew, without its properties
    }
  }

  @Override
  public Device device() {
    return device;
  }

  @Override
  public Tensor tensor(DType type, ByteBuffer bytes, long... shape) {
    org.bytedeco.pytorch.Tensor tensor = empty(type, bytes.remaining(), shape);
    if (bytes.hasRemaining()) {
      TorchTensor.bytes(tensor, 0, bytes.remaining()).put(bytes.duplicate());
    }
    return placed(tensor);
  }

  @Override
  public Tensor floats(FloatBuffer values, long... shape) {
    org.bytedeco.pytorch.Tensor tensor = empty(DType.F32, 4L * values.remaining(), shape);
    if (values.hasRemaining()) {
      memory(tensor).asFloatBuffer().put(values.duplicate());
    }
    return placed(tensor);
  }

  @Override
  public Tensor longs(LongBuffer values, long... shape) {
    org.bytedeco.pytorch.Tensor tensor = empty(DType.I64, 8L * values.remaining(), shape);
    if (values.hasRemaining()) {
      memory(tensor).asLongBuffer().put(values.duplicate());
    }
    return placed(tensor);
  }

  private static ByteBuffer memory(org.bytedeco.pytorch.Tensor tensor) {
    return TorchTensor.bytes(tensor, 0, Math.toIntExact(tensor.nbytes()))
        .order(ByteOrder.nativeOrder());
  }

  private static org.bytedeco.pytorch.Tensor empty(DType type, long given, long... shape) {
    long expected = type.bytes();
    for (long extent : shape) {
      expected = Math.multiplyExact(expected, extent);
    }
    if (expected != given) {
      throw EngineException.invalid(
          "tensor",
          "%s of shape %s needs %d bytes, %d were given"
              .formatted(type, Arrays.toString(shape), expected, given),
          "Give as many as the shape needs");
    }
    return Failures.named(
        () -> "tensor of " + given + " bytes",
        () -> torch.empty(shape, Types.options(type, Device.CPU), new MemoryFormatOptional()));
  }

  private Tensor placed(org.bytedeco.pytorch.Tensor tensor) {
    return new TorchTensor(tensor).to(device);
  }

  @Override
  public Tensor full(DType type, double number, long... shape) {
    return made(shape, () -> torch.full(shape, new Scalar(number), Types.options(type, device)));
  }

  @Override
  public Tensor range(long end) {
    return made(
        new long[] {end}, () -> torch.arange(new Scalar(end), Types.options(DType.I64, device)));
  }

  @Override
  public Tensor normal(double deviation, long... shape) {
    return made(
        shape,
        () -> torch.randn(shape, Types.options(DType.F32, device)).mul_(new Scalar(deviation)));
  }

  @Override
  public Tensor uniform(long... shape) {
    return made(shape, () -> torch.rand(shape, Types.options(DType.F32, device)));
  }

  private static Tensor made(long[] shape, Supplier<org.bytedeco.pytorch.Tensor> call) {
    return new TorchTensor(Failures.named(() -> "tensor of shape " + Arrays.toString(shape), call));
  }

  @Override
  public Tensor cat(int dim, List<Tensor> tensors) {
    return new TorchTensor(
        Failures.named(() -> "cat of " + tensors, () -> torch.cat(vector(tensors), dim)));
  }

  private static TensorVector vector(Collection<Tensor> tensors) {
    return new TensorVector(
        tensors.stream().map(TorchTensor::of).toArray(org.bytedeco.pytorch.Tensor[]::new));
  }

  @Override
  public Scope scope() {
    return new TorchScope();
  }

  @Override
  public <T> T noGrad(Supplier<T> work) {
    boolean recorded = Modes.record(false);
    try {
      return work.get();
    } finally {
      Modes.record(recorded);
    }
  }

  @Override
  public <T> T autocast(Supplier<T> work) {
    Modes.beginAutocast(device);
    try {
      return work.get();
    } finally {
      Modes.endAutocast(device);
    }
  }

  @Override
  public boolean hasBf16() {
    return device.kind() == Device.Kind.CUDA && Cuda.hasBf16(device);
  }

  @Override
  public double gradientNorm(Collection<Tensor> parameters) {
    return TorchScope.run(() -> norm(gradients(parameters)));
  }

  private static List<org.bytedeco.pytorch.Tensor> gradients(Collection<Tensor> parameters) {
    return parameters.stream()
        .flatMap(parameter -> parameter.gradient().stream())
        .map(TorchTensor::of)
        .toList();
  }

  private static double norm(List<org.bytedeco.pytorch.Tensor> gradients) {
    if (gradients.isEmpty()) {
      return 0;
    }
    TensorVector norms = new TensorVector();
    gradients.forEach(gradient -> norms.push_back(gradient.norm()));
    return torch.stack(norms, 0).norm().item_double();
  }

  @Override
  public double clipGradients(Collection<Tensor> parameters, double most) {
    return noGrad(() -> TorchScope.run(() -> clip(gradients(parameters), most)));
  }

  private static double clip(List<org.bytedeco.pytorch.Tensor> gradients, double most) {
    double norm = norm(gradients);
    double share = most / (norm + NEARLY_ZERO);
    if (Double.isFinite(norm) && share < 1) {
      gradients.forEach(gradient -> gradient.mul_(new Scalar(share)));
    }
    return norm;
  }

  @Override
  public AdamW adamW(List<AdamW.Group> groups, AdamW.Settings settings) {
    return new TorchAdamW(groups, settings);
  }

  @Override
  public void seed(long seed) {
    torch.manual_seed(seed);
  }

  @Override
  public byte[] randomState() {
    return random.get();
  }

  @Override
  public void randomState(byte[] state) {
    random.set(state);
  }

  @Override
  public void threads(int threads) {
    if (threads < 1) {
      throw EngineException.invalid(
          "threads", "they are %d, expected 1 or more".formatted(threads), "Set 1 or more");
    }
    torch.set_num_threads(threads);
    openblas_full.openblas_set_num_threads(threads);
  }

  @Override
  public int threads() {
    return torch.get_num_threads();
  }

  @Override
  public long residentBytes() {
    return Pointer.physicalBytes();
  }

  @Override
  public ProcessGroup join(Rendezvous rendezvous) {
    return TorchProcessGroup.join(rendezvous, device);
  }
}
