package org.llavamed.network;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Asks other application entities by DIMSE (PS3.7) as service class user of PS3.4. Each call opens
 * an association of its own and releases it. Safe for use by several threads.
 */
@ProviderType
public interface DimseClient {
  /**
   * What a verification told.
   *
   * @param implementationClassUid of the peer
   * @param implementationVersionName of the peer; may be empty
   * @param maxPduLength most bytes of a PDU that the peer takes; 0 for no limit
   * @param milliseconds from the connection to the answer
   */
  record Echo(
      String implementationClassUid,
      String implementationVersionName,
      long maxPduLength,
      double milliseconds) {}

  /**
   * Verifies that the peer answers (C-ECHO, PS3.4 annex A).
   *
   * @throws NetworkException if it does not
   */
  Echo echo(Peer peer);

  /**
   * Stores files at the peer (C-STORE, PS3.4 annex B). Each is sent in the transfer syntax that it
   * has where the peer takes it, byte by byte; else, where its pixels can be decoded, in Explicit
   * or Implicit VR Little Endian.
   *
   * @param each hears of every file once, in their order
   * @throws NetworkException if there is no association or it breaks; files of which nothing was
   *     heard are not stored
   */
  void store(Peer peer, List<Path> files, Consumer<StoreOutcome> each);

  /**
   * One match.
   *
   * @param values text by keyword, or by tag where there is none, ascending by tag; several values
   *     are separated by backslashes
   * @param json the data set in the DICOM JSON model (PS3.18 annex F)
   */
  record Match(Map<String, String> values, String json) {}

  /**
   * Looks for patients, studies, series or instances (C-FIND, PS3.4 annex C.4.1).
   *
   * @param most matches after which the query is cancelled; 0 for no limit
   * @param each hears of every match
   * @return whether all matches were told; false where the query was cancelled at its limit
   * @throws NetworkException if the peer refuses or fails, or a key has no tag
   */
  boolean find(Peer peer, Query query, int most, Consumer<Match> each);

  /**
   * Fetches what matches over the same association (C-GET, PS3.4 annex C.4.3).
   *
   * @param settings folder and limits; the rest is not used
   * @param each hears of every object
   * @throws NetworkException if there is no association or it breaks
   */
  RetrieveOutcome get(
      Peer peer, Query query, ReceiveSettings settings, Consumer<ReceivedInstance> each);

  /**
   * Has the peer send what matches to an application entity that it knows (C-MOVE, PS3.4 annex
   * C.4.2).
   *
   * @param destination AE title
   * @throws NetworkException if there is no association or it breaks
   */
  RetrieveOutcome move(Peer peer, Query query, String destination);

  /**
   * Asks the peer to take the responsibility for objects (storage commitment, PS3.4 annex J).
   *
   * @param instances what was stored
   * @param settings where the report is awaited on an association of its own, beside the one of the
   *     request; the folder is not used, and no object is taken there; empty to wait on the one of
   *     the request alone
   * @param patience until the report must be there
   * @throws NetworkException if the peer refuses, or no report comes in time
   */
  CommitOutcome commit(
      Peer peer,
      List<StoreOutcome> instances,
      Optional<ReceiveSettings> settings,
      Duration patience);
}
