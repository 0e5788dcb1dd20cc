package org.llavamed.network;

import java.time.Duration;

/**
 * How long each state of an association may last; all above zero.
 *
 * @param connect until the transport connection stands
 * @param association until an association request is answered, or comes
 * @param response until a message or a part of one is answered, comes, or is taken by the peer
 * @param release until a release is answered and the connection is closed
 * @param idle until the next message on an accepted association
 */
public record Timeouts(
    Duration connect, Duration association, Duration response, Duration release, Duration idle) {
  /** 10 s for connection and release, 30 s for an association, 60 s for all else. */
  public static final Timeouts DEFAULT =
      new Timeouts(
          Duration.ofSeconds(10),
          Duration.ofSeconds(30),
          Duration.ofSeconds(60),
          Duration.ofSeconds(10),
          Duration.ofSeconds(60));

  public Timeouts {
    for (Duration each : new Duration[] {connect, association, response, release, idle}) {
      if (each.isNegative() || each.isZero() || each.toDays() > 1) {
        throw new IllegalArgumentException(
            "a time-out is %s, expected above 0 and at most one day".formatted(each));
      }
    }
  }

  /** Returns the same time for every state. */
  public static Timeouts of(Duration each) {
    return new Timeouts(each, each, each, each, each);
  }
}
