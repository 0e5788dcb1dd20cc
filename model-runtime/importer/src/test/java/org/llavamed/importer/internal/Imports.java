package org.llavamed.importer.internal;

import org.llavamed.model.internal.Runtimes;

/** The importer as it is wired in the product: with the runtime that checks what it writes. */
final class Imports {
  private Imports() {}

  static HuggingFaceImporter importer() {
    return new HuggingFaceImporter(Runtimes.runtime("auto"));
  }
}
