package org.llavamed.network;

import java.util.List;
import java.util.Map;

/**
 * For which objects a peer has taken the responsibility (storage commitment, PS3.4 annex J).
 *
 * @param transactionUid Transaction UID (0008,1195)
 * @param committed SOP Instance UIDs
 * @param failed SOP Instance UIDs with the peer's reason, for people
 */
public record CommitOutcome(
    String transactionUid, List<String> committed, Map<String, String> failed) {
  public CommitOutcome {
    committed = List.copyOf(committed);
    failed = Map.copyOf(failed);
  }
}
