package org.llavamed.network;

/**
 * Something between us and another system went wrong: the message is one sentence that says with
 * whom (address, AE title), what happened, and what to do. It holds no control characters and at
 * most 4,000 characters, whatever a peer says.
 */
public final class NetworkException extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private static final int LONGEST = 4000;

  private NetworkException(String message, Throwable cause) {
    super(plain(message), cause);
  }

  private NetworkException(String message) {
    super(plain(message));
  }

  /** What a peer sends must not steer the terminal that shows it. */
  private static String plain(String message) {
    String text = message.length() > LONGEST ? message.substring(0, LONGEST - 3) + "..." : message;
    return text.replaceAll("\\p{Cc}", " ");
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
