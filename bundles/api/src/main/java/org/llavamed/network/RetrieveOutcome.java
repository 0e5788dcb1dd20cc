package org.llavamed.network;

/**
 * How the sub-operations of a retrieval ended.
 *
 * @param completed sub-operations that succeeded
 * @param failed those that failed
 * @param warning those that succeeded with a warning
 * @param status the final status (PS3.4 tables C.4-2 and C.4-3)
 * @param problem one sentence; empty on success
 */
public record RetrieveOutcome(int completed, int failed, int warning, int status, String problem) {
  /** Returns whether everything that matched has come. */
  public boolean complete() {
    return problem.isEmpty();
  }
}
