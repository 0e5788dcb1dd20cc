package org.llavamed.torch;

import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;
import org.llavamed.engine.EngineException;

/** The engine's types and devices as PyTorch's, and back. */
final class Types {
  private Types() {}

  static ScalarType of(DType type) {
    return switch (type) {
      case F32 -> ScalarType.Float;
      case F16 -> ScalarType.Half;
      case BF16 -> ScalarType.BFloat16;
      case I64 -> ScalarType.Long;
      case U8 -> ScalarType.Byte;
      case BOOL -> ScalarType.Bool;
    };
  }

  static DType of(ScalarType type) {
    return switch (type) {
      case Float -> DType.F32;
      case Half -> DType.F16;
      case BFloat16 -> DType.BF16;
      case Long -> DType.I64;
      case Byte -> DType.U8;
      case Bool -> DType.BOOL;
      default ->
          throw EngineException.invalid(
              "tensor", "its type is " + type, "Use one of F32, F16, BF16, I64, U8, BOOL");
    };
  }

  static org.bytedeco.pytorch.Device of(Device device) {
    return device.kind() == Device.Kind.CPU
        ? new org.bytedeco.pytorch.Device(torch.DeviceType.CPU)
        : new org.bytedeco.pytorch.Device(torch.DeviceType.CUDA, (byte) device.index());
  }

  static Device of(org.bytedeco.pytorch.Device device) {
    return device.is_cuda() ? new Device(Device.Kind.CUDA, device.index()) : Device.CPU;
  }

  static TensorOptions options(DType type, Device device) {
    return new TensorOptions(of(type)).device(new org.bytedeco.pytorch.DeviceOptional(of(device)));
  }
}
