package org.llavamed.engine;

import java.time.Duration;

/**
 * How the processes of a group find each other.
 *
 * @param host address of process 0, as the others reach it
 * @param port on which process 0 listens, 1 to 65535
 * @param rank number of this process, from 0
 * @param size count of the processes
 * @param address of this process, as the others reach it
 * @param timeout how long an operation waits for the others
 */
public record Rendezvous(
    String host, int port, int rank, int size, String address, Duration timeout) {
  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Rendezvous {
    if (port < 1 || port > 65535) {
      throw new IllegalArgumentException("port is " + port + ", expected 1 to 65535");
    }
    if (size < 1 || rank < 0 || rank >= size) {
      throw new IllegalArgumentException(
          "rank is %d of %d processes, expected 0 to %d".formatted(rank, size, size - 1));
    }
    if (timeout.isNegative() || timeout.isZero()) {
      throw new IllegalArgumentException("timeout is " + timeout + ", expected more than 0");
    }
  }
}
