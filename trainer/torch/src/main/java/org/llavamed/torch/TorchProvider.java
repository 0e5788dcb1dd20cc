package org.llavamed.torch;

import org.llavamed.engine.Device;
import org.llavamed.engine.Engine;
import org.llavamed.engine.EngineProvider;

/** Makes engines on PyTorch. */
public final class TorchProvider implements EngineProvider {
  /** For {@link java.util.ServiceLoader}. */
  public TorchProvider() {}

  @Override
  public String name() {
    return "PyTorch";
  }

  @Override
  public Engine open(Device device) {
    Natives.load();
    return new TorchEngine(device);
  }
}
