package org.llavamed.torch;

import org.bytedeco.pytorch.GradMode;
import org.bytedeco.pytorch.global.torch;
import org.llavamed.engine.DType;
import org.llavamed.engine.Device;

/** The modes of the calling thread. */
final class Modes {
  private Modes() {}

  /**
   * Says whether operations are recorded for gradients.
   *
   * @return whether they were before
   */
  static boolean record(boolean recorded) {
    boolean before = GradMode.is_enabled();
    GradMode.set_enabled(recorded);
    return before;
  }

  /** Begins to compute matrix products in bf16. */
  static void beginAutocast(Device device) {
    torch.set_autocast_dtype(kind(device), Types.of(DType.BF16));
    torch.set_autocast_enabled(kind(device), true);
    torch.increment_nesting();
  }

  /** Ends what {@link #beginAutocast} began. */
  static void endAutocast(Device device) {
    if (torch.decrement_nesting() == 0) {
      torch.clear_cache();
      torch.set_autocast_enabled(kind(device), false);
    }
  }

  private static torch.DeviceType kind(Device device) {
    return device.kind() == Device.Kind.CPU ? torch.DeviceType.CPU : torch.DeviceType.CUDA;
  }
}
