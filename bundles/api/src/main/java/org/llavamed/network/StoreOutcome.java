package org.llavamed.network;

import java.nio.file.Path;

/**
 * What became of one file that was to be stored at a peer.
 *
 * @param file the file
 * @param sopClassUid its SOP Class UID; empty where it could not be read
 * @param sopInstanceUid its SOP Instance UID; empty where it could not be read
 * @param transferSyntaxUid how it was sent; empty where it was not
 * @param status the peer's status (PS3.4 table B.2-1, PS3.7 annex C); -1 where it gave none
 * @param problem one sentence; empty on success
 */
public record StoreOutcome(
    Path file,
    String sopClassUid,
    String sopInstanceUid,
    String transferSyntaxUid,
    int status,
    String problem) {
  private static final int WARNING = 0xB000;

  /** Returns whether the peer has stored it; with a warning, it has. */
  public boolean stored() {
    return status == 0 || (status & 0xF000) == WARNING;
  }
}
