package org.llavamed.trainer.internal;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The processes that train together: equally many on each machine.
 *
 * @param processes of each machine, at least 1
 * @param machines at least 1
 * @param machine number of this one, from 0
 * @param master HOST:PORT on which the first process listens, as the other machines reach it; may
 *     be absent on a single machine, which finds a free port
 */
record Cluster(int processes, int machines, int machine, @Nullable String master) {
  /** One process on this machine. */
  static final Cluster SINGLE = new Cluster(1, 1, 0, null);

  private static final String LOOPBACK = "127.0.0.1";
  private static final int MOST = 4096;

  /**
   * Checks the numbers.
   *
   * @throws IllegalArgumentException if one is out of its range, or several machines have no
   *     address to meet at
   */
  Cluster {
    expect(processes >= 1 && processes <= MOST, "--nproc is " + processes, "1 to " + MOST);
    expect(machines >= 1 && machines <= MOST, "--nnodes is " + machines, "1 to " + MOST);
    expect(
        machine >= 0 && machine < machines,
        "--node-rank is %d of %d machines".formatted(machine, machines),
        "0 to " + (machines - 1));
    expect(
        master != null || machines == 1,
        "--nnodes is %d without --master".formatted(machines),
        "the first machine's HOST:PORT");
    expect(
        master == null || master.matches("(\\[[0-9A-Fa-f:.]+]|[^\\s:\\[\\]]+):[0-9]{1,5}"),
        "--master is '" + master + "'",
        "HOST:PORT");
    expect(
        master == null || (port(master) >= 1 && port(master) <= 65535),
        "--master is '" + master + "'",
        "a port of 1 to 65535");
  }

  /** Returns how many processes train together. */
  int size() {
    return processes * machines;
  }

  /** Returns the number among all processes of the machine's process {@code local}. */
  int rank(int local) {
    return machine * processes + local;
  }

  /** Returns whether this machine has the first process, which writes the run's files. */
  boolean isFirst() {
    return machine == 0;
  }

  /**
   * Returns what tells a process who it is and where the first one listens, by the names that are
   * usual for it.
   *
   * @param freePort of this machine, where no address was given
   */
  Map<String, String> environment(int local, int freePort) {
    String host = master == null ? LOOPBACK : master.substring(0, master.lastIndexOf(':'));
    return Map.of(
        "RANK",
        Integer.toString(rank(local)),
        "LOCAL_RANK",
        Integer.toString(local),
        "WORLD_SIZE",
        Integer.toString(size()),
        "MASTER_ADDR",
        host.replaceAll("[\\[\\]]", ""),
        "MASTER_PORT",
        Integer.toString(master == null ? freePort : port(master)));
  }

  private static int port(String master) {
    return Integer.parseInt(master.substring(master.lastIndexOf(':') + 1));
  }

  private static void expect(boolean holds, String found, String expected) {
    if (!holds) {
      throw new IllegalArgumentException(found + ", expected " + expected);
    }
  }
}
