package org.llavamed.torch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.bytedeco.javacpp.BytePointer;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.BoolOptional;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.TensorArrayRefOptional;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.jspecify.annotations.Nullable;
import org.llavamed.engine.Attention;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.EngineException;
import org.llavamed.engine.Tensor;

/** A tensor of PyTorch. */
final class TorchTensor implements Tensor {
  private static final long MEAN = 1;
  private static final long SUM = 2;

  private final org.bytedeco.pytorch.Tensor tensor;

  TorchTensor(org.bytedeco.pytorch.Tensor tensor) {
    this.tensor = tensor;
  }

  /** Returns PyTorch's tensor. */
  static org.bytedeco.pytorch.Tensor of(Tensor tensor) {
    if (tensor instanceof TorchTensor ours) {
      return ours.tensor;
    }
    throw EngineException.invalid(
        "tensor", "it is of another engine", "Use tensors of one engine only");
  }

  private static TensorOptional optional(@Nullable Tensor tensor) {
    return tensor == null ? new TensorOptional() : new TensorOptional(of(tensor));
  }

  private Tensor call(
      String operation, Supplier<org.bytedeco.pytorch.Tensor> call, @Nullable Tensor... others) {
    return new TorchTensor(Failures.named(() -> described(operation, others), call));
  }

  private String described(String operation, @Nullable Tensor... others) {
    StringBuilder text = new StringBuilder(operation).append(" of ").append(this);
    for (Tensor other : others) {
      if (other != null) {
        text.append(" and ").append(other);
      }
    }
    return text.toString();
  }

  @Override
  public List<Long> shape() {
    return IntStream.range(0, (int) tensor.dim()).mapToObj(tensor::size).toList();
  }

  @Override
  public long size(int dim) {
    return Failures.named(() -> described("size " + dim), () -> tensor.size(dim));
  }

  @Override
  public long count() {
    return tensor.numel();
  }

  @Override
  public DType type() {
    return Types.of(tensor.scalar_type().intern());
  }

  @Override
  public Device device() {
    return Types.of(tensor.device());
  }

  @Override
  public Tensor plus(Tensor other) {
    return call("plus", () -> tensor.add(of(other)), other);
  }

  @Override
  public Tensor plus(double number) {
    return call("plus", () -> tensor.add(new Scalar(number)));
  }

  @Override
  public Tensor minus(Tensor other) {
    return call("minus", () -> tensor.sub(of(other)), other);
  }

  @Override
  public Tensor times(Tensor other) {
    return call("times", () -> tensor.mul(of(other)), other);
  }

  @Override
  public Tensor times(double number) {
    return call("times", () -> tensor.mul(new Scalar(number)));
  }

  @Override
  public Tensor over(Tensor other) {
    return call("over", () -> tensor.div(of(other)), other);
  }

  @Override
  public Tensor negative() {
    return call("negative", tensor::neg);
  }

  @Override
  public Tensor square() {
    return call("square", tensor::square);
  }

  @Override
  public Tensor sqrt() {
    return call("sqrt", tensor::sqrt);
  }

  @Override
  public Tensor abs() {
    return call("abs", tensor::abs);
  }

  @Override
  public Tensor exp() {
    return call("exp", tensor::exp);
  }

  @Override
  public Tensor log() {
    return call("log", tensor::log);
  }

  @Override
  public Tensor sin() {
    return call("sin", tensor::sin);
  }

  @Override
  public Tensor cos() {
    return call("cos", tensor::cos);
  }

  @Override
  public Tensor equalTo(long number) {
    return call("equalTo", () -> tensor.eq(new Scalar(number)));
  }

  @Override
  public Tensor sum() {
    return call("sum", tensor::sum);
  }

  @Override
  public Tensor mean() {
    return call("mean", tensor::mean);
  }

  @Override
  public Tensor mean(int dim) {
    return call("mean", () -> tensor.mean((long) dim));
  }

  @Override
  public Tensor argmax(int dim) {
    return call("argmax", () -> tensor.argmax(new LongOptional(dim), false));
  }

  @Override
  public Tensor softmax(int dim) {
    return call("softmax", () -> tensor.softmax(dim));
  }

  @Override
  public Tensor logSoftmax(int dim) {
    return call("logSoftmax", () -> tensor.log_softmax(dim));
  }

  @Override
  public Tensor view(long... shape) {
    return call("view " + Arrays.toString(shape), () -> tensor.reshape(shape));
  }

  @Override
  public Tensor transpose(int first, int second) {
    return call("transpose", () -> tensor.transpose(first, second));
  }

  @Override
  public Tensor slice(int dim, long from, long to) {
    return call("slice", () -> tensor.narrow(dim, from, to - from));
  }

  @Override
  public Tensor expand(long... shape) {
    return call("expand " + Arrays.toString(shape), () -> tensor.expand(shape));
  }

  @Override
  public Tensor select(int dim, Tensor indices) {
    return call("select", () -> tensor.index_select(dim, of(indices)), indices);
  }

  @Override
  public Tensor matmul(Tensor other) {
    return call("matmul", () -> tensor.matmul(of(other)), other);
  }

  @Override
  public Tensor linear(Tensor weight, @Nullable Tensor bias) {
    return call("linear", () -> torch.linear(tensor, of(weight), optional(bias)), weight, bias);
  }

  @Override
  public Tensor embedding(Tensor ids) {
    return call("embedding", () -> torch.embedding(tensor, of(ids)), ids);
  }

  @Override
  public Tensor conv2d(Tensor weight, @Nullable Tensor bias, int stride) {
    return call(
        "conv2d",
        () ->
            torch.conv2d(
                tensor,
                of(weight),
                optional(bias),
                new long[] {stride, stride},
                new long[] {0, 0},
                new long[] {1, 1},
                1),
        weight,
        bias);
  }

  @Override
  public Tensor layerNorm(Tensor weight, Tensor bias, double epsilon) {
    return call(
        "layerNorm",
        () ->
            torch.layer_norm(
                tensor, new long[] {size(-1)}, optional(weight), optional(bias), epsilon, true),
        weight,
        bias);
  }

  @Override
  public Tensor rmsNorm(Tensor weight, double epsilon) {
    return call(
        "rmsNorm",
        () ->
            torch.rms_norm(
                tensor, new long[] {size(-1)}, optional(weight), new DoubleOptional(epsilon)),
        weight);
  }

  @Override
  public Tensor silu() {
    return call("silu", () -> torch.silu(tensor));
  }

  @Override
  public Tensor gelu() {
    return call("gelu", () -> torch.gelu(tensor));
  }

  @Override
  public Tensor quickGelu() {
    return call("quickGelu", () -> tensor.mul(tensor.mul(new Scalar(1.702)).sigmoid()));
  }

  @Override
  public Tensor sigmoid() {
    return call("sigmoid", tensor::sigmoid);
  }

  @Override
  public Tensor attention(Tensor keys, Tensor values, Attention how) {
    Tensor mask = how.mask();
    return call(
        "attention",
        () ->
            torch.scaled_dot_product_attention(
                tensor,
                of(keys),
                of(values),
                optional(mask),
                how.dropout(),
                how.causal(),
                new DoubleOptional(),
                keys.size(1) != size(1)),
        keys,
        values,
        mask);
  }

  @Override
  public Tensor dropout(double share) {
    return share == 0 ? this : call("dropout", () -> torch.dropout(tensor, share, true));
  }

  @Override
  public Tensor maskedScatter(Tensor mask, Tensor source) {
    return call("maskedScatter", () -> tensor.masked_scatter(of(mask), of(source)), mask, source);
  }

  @Override
  public Tensor maskedFill(Tensor mask, double number) {
    return call("maskedFill", () -> tensor.masked_fill(of(mask), new Scalar(number)), mask);
  }

  @Override
  public Tensor crossEntropy(Tensor labels) {
    return crossEntropy(labels, MEAN);
  }

  @Override
  public Tensor crossEntropySum(Tensor labels) {
    return crossEntropy(labels, SUM);
  }

  private Tensor crossEntropy(Tensor labels, long reduction) {
    return call(
        "crossEntropy",
        () ->
            torch.cross_entropy_loss(
                tensor, of(labels), new TensorOptional(), reduction, IGNORED, 0.0),
        labels);
  }

  @Override
  public boolean requiresGradient() {
    return tensor.requires_grad();
  }

  @Override
  public Tensor requireGradient(boolean required) {
    Failures.named(() -> described("requireGradient"), () -> tensor.set_requires_grad(required));
    return this;
  }

  @Override
  public void backward() {
    Failures.named(
        () -> described("backward"),
        () -> {
          tensor.backward();
          return true;
        });
  }

  @Override
  public void backward(Tensor gradient) {
    Failures.named(
        () -> described("backward", gradient),
        () -> {
          tensor.backward(of(gradient), new BoolOptional(), false, new TensorArrayRefOptional());
          return true;
        });
  }

  @Override
  public Optional<Tensor> gradient() {
    org.bytedeco.pytorch.Tensor gradient = tensor.grad();
    return gradient.defined()
        ? Optional.of(new TorchTensor(new org.bytedeco.pytorch.Tensor(gradient)))
        : Optional.empty();
  }

  @Override
  public void clearGradient() {
    if (tensor.grad().defined()) {
      tensor.mutable_grad().reset();
    }
  }

  @Override
  public Tensor detach() {
    return call("detach", tensor::detach);
  }

  @Override
  public Tensor to(DType type) {
    return type() == type ? this : call("to " + type, () -> tensor.to(Types.of(type)));
  }

  @Override
  public Tensor to(Device device) {
    return device().equals(device)
        ? this
        : call("to " + device, () -> tensor.to(Types.of(device), tensor.scalar_type()));
  }

  @Override
  public Tensor copy() {
    return call("copy", () -> tensor.detach().clone());
  }

  @Override
  public void set(Tensor other) {
    if (!shape().equals(other.shape())) {
      throw EngineException.invalid(
          described("set", other), "their shapes differ", "Give a tensor of the same shape");
    }
    boolean recorded = Modes.record(false);
    try {
      Failures.named(() -> described("set", other), () -> tensor.copy_(of(other)));
    } finally {
      Modes.record(recorded);
    }
  }

  @Override
  public boolean isFinite() {
    return TorchScope.run(() -> torch.isfinite(tensor.detach()).all().item_bool());
  }

  @Override
  public double item() {
    return Failures.named(() -> described("item"), tensor::item_double);
  }

  @Override
  public float[] floats() {
    return TorchScope.run(
        () -> {
          org.bytedeco.pytorch.Tensor there = here(torch.ScalarType.Float);
          float[] numbers = new float[Math.toIntExact(there.numel())];
          if (numbers.length > 0) {
            new FloatPointer(there.data_ptr()).get(numbers);
          }
          return numbers;
        });
  }

  @Override
  public long[] longs() {
    return TorchScope.run(
        () -> {
          org.bytedeco.pytorch.Tensor there = here(torch.ScalarType.Long);
          long[] numbers = new long[Math.toIntExact(there.numel())];
          if (numbers.length > 0) {
            new LongPointer(there.data_ptr()).get(numbers);
          }
          return numbers;
        });
  }

  /** Returns the numbers on the CPU without gaps; in a scope, as memory is read that it owns. */
  private org.bytedeco.pytorch.Tensor here(torch.ScalarType type) {
    return tensor.detach().cpu().to(type).contiguous();
  }

  @Override
  public void read(long offset, ByteBuffer target) {
    long end = offset + target.remaining();
    long most = count() * type().bytes();
    if (offset < 0 || end > most) {
      throw EngineException.invalid(
          described("read"),
          "it has %d bytes, bytes %d to %d were asked for".formatted(most, offset, end),
          "Ask for fewer");
    }
    if (target.hasRemaining()) {
      TorchScope.run(
          () -> target.put(bytes(here(tensor.scalar_type()), offset, target.remaining())));
    }
  }

  /**
   * Returns the memory of a tensor on the CPU without gaps; valid while a scope holds the tensor.
   */
  static ByteBuffer bytes(org.bytedeco.pytorch.Tensor tensor, long offset, int length) {
    BytePointer start = new BytePointer(tensor.data_ptr()).position(offset).limit(offset + length);
    return start.asByteBuffer().order(ByteOrder.LITTLE_ENDIAN);
  }

  /** Returns type, shape and device, for messages. */
  @Override
  public String toString() {
    return type() + " " + shape() + (device().equals(Device.CPU) ? "" : " on " + device());
  }
}
