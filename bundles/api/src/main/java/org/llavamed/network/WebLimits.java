package org.llavamed.network;

import java.time.Duration;

/**
 * How long to wait for a web service, and how much to take from it.
 *
 * @param connect until the transport connection stands
 * @param response until the head of an answer comes, counted from the last byte that the peer took
 * @param stall between two pieces of an answer's body
 * @param attempts how often to try what may be repeated, 1 to 20
 * @param objectBytes most bytes of one object, frame or value
 * @param objects most objects in one answer
 * @param storeInstances most instances in one store request
 * @param storeBytes most bytes in one store request; a larger file goes alone
 */
public record WebLimits(
    Duration connect,
    Duration response,
    Duration stall,
    int attempts,
    long objectBytes,
    int objects,
    int storeInstances,
    long storeBytes) {
  /**
   * 10 s, 60 s, 60 s; 4 attempts; 64 GiB an object, 100,000 objects; 100 instances or 128 MiB a
   * store request.
   */
  public static final WebLimits DEFAULT =
      new WebLimits(
          Duration.ofSeconds(10),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          4,
          64L << 30,
          100_000,
          100,
          128L << 20);

  public WebLimits {
    for (Duration each : new Duration[] {connect, response, stall}) {
      if (each.isNegative() || each.isZero() || each.toDays() > 1) {
        throw new IllegalArgumentException(
            "a time-out is %s, expected above 0 and at most one day".formatted(each));
      }
    }
    if (attempts < 1 || attempts > 20) {
      throw new IllegalArgumentException("attempts is %d, expected 1 to 20".formatted(attempts));
    }
    if (objectBytes < 1 || objects < 1 || storeInstances < 1 || storeBytes < 1) {
      throw new IllegalArgumentException("a limit is below 1, expected 1 or more");
    }
  }

  /** Returns the same limits with other time-outs and attempts. */
  public WebLimits with(Duration each, int most) {
    return new WebLimits(each, each, each, most, objectBytes, objects, storeInstances, storeBytes);
  }
}
