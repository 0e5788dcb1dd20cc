package org.llavamed.model.internal;

import java.lang.reflect.Proxy;
import java.util.Map;
import org.llavamed.inference.ModelRuntime;

/** Makes the runtime that the importer's tests run models on. */
public final class Runtimes {
  private Runtimes() {}

  /**
   * Returns a runtime on the CPU with two threads, all else as it is configured by default.
   *
   * @param variant which decoders are run, as {@code decoderVariant} of the configuration
   */
  public static ModelRuntime runtime(String variant) {
    Map<String, Object> values =
        Map.of(
            "modelFolder",
            "../../dist/models/tiny-vqa",
            "intraOpThreads",
            2,
            "executionProvider",
            "cpu",
            "decoderVariant",
            variant);
    return new OnnxModelRuntime(
        (ModelConfig)
            Proxy.newProxyInstance(
                ModelConfig.class.getClassLoader(),
                new Class<?>[] {ModelConfig.class},
                (proxy, method, arguments) ->
                    values.getOrDefault(method.getName(), method.getDefaultValue())));
  }
}
