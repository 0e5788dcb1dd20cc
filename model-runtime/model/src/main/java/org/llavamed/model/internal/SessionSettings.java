package org.llavamed.model.internal;

import java.nio.file.Path;
import java.util.Optional;

/**
 * On what graphs run, which of them, and what is allowed to be kept on disk for that.
 *
 * @param provider the processor that is asked for
 * @param deviceId number of the CUDA device, from 0
 * @param gpuMemoryLimitMegabytes most memory of the device; 0 for all
 * @param variant the language model's graphs that are asked for
 * @param prepackedCache folder that keeps weights as ONNX Runtime packs them; absent where they are
 *     packed at every start
 * @param ignoreMemoryCheck whether models are loaded that do not fit the memory
 */
record SessionSettings(
    Provider provider,
    int deviceId,
    int gpuMemoryLimitMegabytes,
    DecoderVariant variant,
    Optional<Path> prepackedCache,
    boolean ignoreMemoryCheck) {
  static final SessionSettings DEFAULT =
      new SessionSettings(Provider.AUTO, 0, 0, DecoderVariant.AUTO, Optional.empty(), false);

  private static final String OFF = "off";

  SessionSettings {
    within("deviceId", deviceId, 255);
    within("gpuMemoryLimitMegabytes", gpuMemoryLimitMegabytes, 1 << 24);
  }

  /** Returns the same for a look at one decoder: packed weights are not kept for it. */
  SessionSettings forOneDecoder(DecoderVariant one) {
    return new SessionSettings(
        provider, deviceId, gpuMemoryLimitMegabytes, one, Optional.empty(), ignoreMemoryCheck);
  }

  static SessionSettings of(ModelConfig config) {
    String cache = config.prepackedCache().strip();
    return new SessionSettings(
        Spelling.read("executionProvider", config.executionProvider(), Provider.values()),
        config.deviceId(),
        config.gpuMemoryLimitMegabytes(),
        Spelling.read("decoderVariant", config.decoderVariant(), DecoderVariant.values()),
        cache.isEmpty() || cache.equals(OFF) ? Optional.empty() : Optional.of(Path.of(cache)),
        config.ignoreMemoryCheck());
  }

  private static void within(String key, int value, int most) {
    if (value < 0 || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, expected 0 to %d; set it in conf/org.llavamed.model.cfg"
              .formatted(key, value, most));
    }
  }
}
