package org.llavamed.network;

import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Receives objects by DIMSE: service class provider of C-ECHO and C-STORE (PS3.4 annex A and B).
 * Each object goes to a temporary file, is synced and renamed before success is told. Safe for use
 * by several threads.
 */
@ProviderType
public interface DimseReceiver {
  /** A port that is open. */
  interface Reception extends AutoCloseable {
    /** Returns the port, 1 to 65535. */
    int port();

    /** Closes the port, aborts the associations that are open, and waits for their end. */
    @Override
    void close();
  }

  /**
   * Opens a port.
   *
   * @param each hears of every object that was received, by several threads at a time, before the
   *     peer does; if it throws, the peer is told that the object failed
   * @throws NetworkException if the port cannot be opened or the folder cannot be written
   */
  Reception open(ReceiveSettings settings, Consumer<ReceivedInstance> each);
}
