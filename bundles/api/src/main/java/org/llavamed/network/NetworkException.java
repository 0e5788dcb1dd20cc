package org.llavamed.network;

/**
 * Something between us and another system went wrong: the message is one sentence that says with
 * whom (address, AE title), what happened, and what to do. It holds no control characters.
 */
public final class NetworkException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private NetworkException(String message, Throwable cause) {
    super(plain(message), cause);
  }

  private NetworkException(String message) {
    super(plain(message));
  }

  /** What a peer sends must not steer the terminal that shows it. */
  private static String plain(String message) {
    return message.replaceAll("\\p{Cc}", " ");
  }

  /**
   * The exchange failed.
   *
   * @param where the peer, as {@link Peer#toString} or an address names it
   * @param found what happened, with the peer's own words where it gave some
   * @param advice what to do, as an imperative
   */
  public static NetworkException failed(Object where, String found, String advice) {
    return new NetworkException("%s: %s. %s.".formatted(where, found, advice));
  }

  /** As {@link #failed(Object, String, String)}, with the error that revealed it. */
  public static NetworkException failed(
      Object where, String found, String advice, Throwable cause) {
    return new NetworkException("%s: %s. %s.".formatted(where, found, advice), cause);
  }
}
