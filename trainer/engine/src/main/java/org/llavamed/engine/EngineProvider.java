package org.llavamed.engine;

/**
 * Makes engines of one library; found by {@link java.util.ServiceLoader} on the class path of a
 * worker process.
 */
public interface EngineProvider {
  /** Returns the library's name. */
  String name();

  /**
   * Loads the library and makes an engine.
   *
   * @throws EngineException if its natives are missing or the device is not there
   */
  Engine open(Device device);
}
