package org.llavamed.network;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/**
 * A client of the web services of PS3.18: QIDO-RS (section 10.6), WADO-RS (section 10.4) and
 * STOW-RS (section 10.5). Objects go through a buffer of fixed size, whatever their length; a file
 * is there under its own name only when it is whole and synced to the disk. A GET is repeated, with
 * growing pauses, where the peer cannot be reached, breaks off, or answers 429, 502, 503 or 504.
 * Safe for use by several threads.
 *
 * <p>Every method throws {@link NetworkException} where the peer cannot be reached, refuses, or
 * answers something that PS3.18 does not allow; the message never holds credentials.
 */
@ProviderType
public interface DicomWeb {
  /**
   * Searches, page by page.
   *
   * @param match takes each match as it comes
   */
  void find(WebPeer peer, WebQuery query, Consumer<WebDataSet> match);

  /**
   * Fetches objects in the transfer syntaxes in which the peer has them, each to the file {@code
   * <SOP Instance UID>.dcm}.
   *
   * @param folder is made where it is missing
   */
  WebRetrieval retrieve(WebPeer peer, WebResource what, Path folder);

  /**
   * Fetches attributes without bulk data.
   *
   * @param each takes each instance's as they come
   */
  void metadata(WebPeer peer, WebResource what, Consumer<WebDataSet> each);

  /**
   * Fetches frames as they are stored, to the files {@code <SOP Instance UID>.<frame>.<suffix>}.
   *
   * @param numbers from 1
   * @return the frames, in the order in which they were asked for
   */
  List<WebFile> frames(WebPeer peer, WebResource instance, List<Integer> numbers, Path folder);

  /**
   * Fetches what a BulkDataURI names.
   *
   * @param uri absolute, or relative to the peer's base
   * @param file where to write it
   */
  WebFile bulkData(WebPeer peer, URI uri, Path file);

  /**
   * Fetches a picture of an instance as the peer renders it, to the file {@code <SOP Instance
   * UID>.<suffix>}.
   *
   * @param frame from 1; 0 for the instance
   */
  WebFile rendered(WebPeer peer, WebResource instance, int frame, Path folder);

  /**
   * Stores files as they are, in requests of bounded size. A request is repeated only if nothing of
   * it was sent, or if the peer answers 429 or 503 and has stored nothing.
   *
   * @param outcome takes one outcome a file, as they come
   */
  void store(WebPeer peer, List<Path> files, Consumer<WebStoreOutcome> outcome);
}
