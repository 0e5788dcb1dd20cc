package org.llavamed.model.internal.schema;

/** What a value may be, for one vocabulary. Immutable, equal to itself alone. */
interface Rule {
  /** Returns the value before its first byte. */
  Frame start();
}
