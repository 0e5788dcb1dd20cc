package org.llavamed.network;

import java.nio.file.Path;
import java.util.List;
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
}
