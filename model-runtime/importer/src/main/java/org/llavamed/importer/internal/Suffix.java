package org.llavamed.importer.internal;

import java.util.Locale;
import org.llavamed.inference.Precision;

/** How precisions are called: in files and in transformers.js. */
final class Suffix {
  private Suffix() {}

  /** Returns what stands behind a graph's name in its file's: nothing for float32. */
  static String of(Precision precision) {
    return precision == Precision.FP32 ? "" : "_" + dtype(precision);
  }

  /** Returns the name of transformers.js. */
  static String dtype(Precision precision) {
    return precision == Precision.INT4 ? "q4" : precision.name().toLowerCase(Locale.ROOT);
  }
}
