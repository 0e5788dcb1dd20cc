package org.llavamed.network;

import java.nio.file.Path;

/**
 * What became of one file that was to be stored at a web service (PS3.18 section 10.5.3).
 *
 * @param file the file
 * @param sopClassUid its SOP Class UID; empty where it could not be read
 * @param sopInstanceUid its SOP Instance UID; empty where it could not be read
 * @param result whether the peer has it
 * @param reason Warning Reason (0008,1196) or Failure Reason (0008,1197); -1 where the peer gave
 *     none
 * @param problem one sentence; empty where it was stored without a warning
 */
public record WebStoreOutcome(
    Path file,
    String sopClassUid,
    String sopInstanceUid,
    Result result,
    int reason,
    String problem) {
  /** Whether the peer has an instance. */
  public enum Result {
    /** Stored as it is. */
    STORED,
    /** Stored, but not quite as it is. */
    WARNING,
    /** Not stored, as far as is known. */
    FAILED
  }

  /** Returns whether the peer has stored it; with a warning, it has. */
  public boolean stored() {
    return result != Result.FAILED;
  }
}
