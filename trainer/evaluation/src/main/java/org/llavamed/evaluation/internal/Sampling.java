package org.llavamed.evaluation.internal;

import org.llavamed.inference.Generation;

/** How answers are generated. */
enum Sampling {
  /** Always the likeliest token. */
  GREEDY("greedy", 0, 128),

  /** As the published answers of version 1.0 were drawn. */
  V1_0("v1.0", 0.7, 1024),

  /** As version 1.5 draws. */
  V1_5("v1.5", 0.2, 1024);

  /** What the library that both versions rest on draws from unless it is told otherwise. */
  private static final int TOP_K = 50;

  private final String label;
  private final double temperature;
  private final int mostTokens;

  Sampling(String label, double temperature, int mostTokens) {
    this.label = label;
    this.temperature = temperature;
    this.mostTokens = mostTokens;
  }

  /** Returns what an answer is generated with. */
  Generation generation(long seed) {
    Generation greedy = Generation.GREEDY.withMaxNewTokens(mostTokens);
    return temperature == 0 ? greedy : greedy.withSampling(temperature, TOP_K, 1, seed);
  }

  /** Returns the name as given. */
  @Override
  public String toString() {
    return label;
  }
}
