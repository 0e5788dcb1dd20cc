package org.llavamed.model.internal;

/** Which of the language model's graphs the configuration asks for. */
enum DecoderVariant {
  /** What a measurement finds fastest, as far as the memory allows. */
  AUTO,
  FP32,
  FP16,
  INT8,
  INT4,
  /** Prompts are read with 8-bit weights, answers are written with 4-bit weights. */
  INT8_AND_INT4
}
