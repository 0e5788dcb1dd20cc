package org.llavamed.engine;

import java.util.ServiceLoader;

/** Finds the engine on the class path. */
public final class Engines {
  private Engines() {}

  /**
   * Opens the first engine on the class path of the thread's context.
   *
   * @throws EngineException if there is none, or it cannot use the device
   */
  public static Engine open(Device device) {
    return ServiceLoader.load(EngineProvider.class)
        .findFirst()
        .orElseThrow(
            () ->
                EngineException.invalid(
                    "class path",
                    "there is no tensor library",
                    "Start training by ./llavamed train, which puts it there"))
        .open(device);
  }
}
