package org.llavamed.model.internal;

/**
 * How the requests of one model share it.
 *
 * @param batchSize most requests that are answered at a time, 1 to 256
 * @param mostWaiting most requests that wait for their turn, at least 1
 * @param prefillChunk most positions of a prompt that are read in one run: a stop waits for that
 *     long, the others' next tokens up to twice; 0 takes what was measured fastest
 * @param prefixCacheMegabytes memory for the beginnings of prompts, each up to the end of its
 *     picture; 0 for none
 * @param featureCacheMegabytes memory for what the vision tower made of pictures; 0 for none
 */
record EngineSettings(
    int batchSize,
    int mostWaiting,
    int prefillChunk,
    int prefixCacheMegabytes,
    int featureCacheMegabytes) {
  /** What the configuration's defaults say. */
  static final EngineSettings DEFAULTS = new EngineSettings(8, 64, 0, 512, 128);

  private static final int MOST = 1 << 20;

  EngineSettings {
    within("batchSize", batchSize, 1, 256);
    within("mostWaiting", mostWaiting, 1, MOST);
    within("prefillChunk", prefillChunk, 0, MOST);
    within("prefixCacheMegabytes", prefixCacheMegabytes, 0, MOST);
    within("featureCacheMegabytes", featureCacheMegabytes, 0, MOST);
  }

  static EngineSettings of(ModelConfig config) {
    return new EngineSettings(
        config.batchSize(),
        config.mostWaiting(),
        config.prefillChunk(),
        config.prefixCacheMegabytes(),
        config.featureCacheMegabytes());
  }

  /** Returns the limit of the prompts' beginnings, in bytes. */
  long prefixCacheBytes() {
    return (long) prefixCacheMegabytes << 20;
  }

  /** Returns the limit of the pictures' features, in bytes. */
  long featureCacheBytes() {
    return (long) featureCacheMegabytes << 20;
  }

  private static void within(String key, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, expected %d to %d; set it in conf/org.llavamed.model.cfg"
              .formatted(key, value, least, most));
    }
  }
}
