package org.llavamed.inference;

import org.osgi.annotation.versioning.ConsumerType;

/** Receives the progress of long work. Called on the working thread; must return at once. */
@ConsumerType
@FunctionalInterface
public interface Progress {
  /** Ignores all progress. */
  Progress NONE = (what, done, total) -> {};

  /**
   * Some work is done.
   *
   * @param what what is being worked on, in a few words
   * @param done units that are done, 0 to {@code total}
   * @param total all units; 0 where not known
   */
  void at(String what, long done, long total);
}
