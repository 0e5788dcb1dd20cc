package org.llavamed.engine;

/**
 * Another process of a group did not answer: it ended, or the network between lost it. The group is
 * of no more use; what this process holds is whole.
 */
public final class LostPeerException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private LostPeerException(String message, Throwable cause) {
    super(message, cause);
  }

  /**
   * A collective operation failed.
   *
   * @param operation what was asked for, for example {@code sum}
   * @param rank of this process
   * @param size processes of the group
   * @param cause what the library says
   */
  public static LostPeerException during(String operation, int rank, int size, Throwable cause) {
    return new LostPeerException(
        ("Process %d of %d lost another one during '%s' (%s). Look at the logs of the others for"
                + " the first error, then resume from the last checkpoint.")
            .formatted(rank, size, operation, firstLine(cause)),
        cause);
  }

  /** Returns what the library says, without the place in its sources. */
  private static String firstLine(Throwable cause) {
    String line = String.valueOf(cause.getMessage()).lines().findFirst().orElse("no message");
    return line.replaceFirst("^\\[\\S+:\\d+] ", "").replaceAll("\\.$", "");
  }
}
