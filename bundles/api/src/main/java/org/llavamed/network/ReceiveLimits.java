package org.llavamed.network;

/**
 * What peers may take of our resources.
 *
 * @param associations at the same time, 1 to 1000
 * @param pduLength most bytes of a PDU of data, 4096 to 16 MiB
 * @param objectBytes most bytes of one object
 * @param freeDiskBytes that must be left on the disk
 */
public record ReceiveLimits(int associations, int pduLength, long objectBytes, long freeDiskBytes) {
  /** 16 associations, 128 KiB a PDU, 4 GiB an object, 1 GiB of disk left. */
  public static final ReceiveLimits DEFAULT = new ReceiveLimits(16, 1 << 17, 4L << 30, 1L << 30);

  public ReceiveLimits {
    require("associations", associations, 1, 1000);
    require("pduLength", pduLength, 1 << 12, 1 << 24);
    require("objectBytes", objectBytes, 1, Long.MAX_VALUE);
    require("freeDiskBytes", freeDiskBytes, 0, Long.MAX_VALUE);
  }

  private static void require(String name, long value, long least, long most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "%s is %d, expected %d to %d".formatted(name, value, least, most));
    }
  }
}
