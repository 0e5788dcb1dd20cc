package org.llavamed.dimse.internal;

import java.io.OutputStream;
import java.nio.ByteBuffer;

/**
 * Sends a command set or a data set as presentation data values (PS3.8 annex E), one a PDU. Closing
 * it sends the last one.
 */
final class PdvWriter extends OutputStream {
  private static final int HEADERS = 12;
  private static final int COMMAND = 1;
  private static final int LAST = 2;

  private final PduChannel channel;
  private final int contextId;
  private final int kind;
  private final byte[] pdu;
  private int end = HEADERS;
  private boolean closed;

  /**
   * Starts a message part.
   *
   * @param length most bytes of the variable field of a PDU, 8 or more
   */
  PdvWriter(PduChannel channel, int contextId, boolean command, int length) {
    this.channel = channel;
    this.contextId = contextId;
    this.kind = command ? COMMAND : 0;
    this.pdu = new byte[6 + length];
  }

  @Override
  public void write(int b) {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) {
    int done = 0;
    while (done < length) {
      if (end == pdu.length) {
        send(0);
      }
      int count = Math.min(length - done, pdu.length - end);
      System.arraycopy(bytes, offset + done, pdu, end, count);
      end += count;
      done += count;
    }
  }

  private void send(int last) {
    channel.checkInterrupt();
    ByteBuffer.wrap(pdu)
        .put((byte) PduType.P_DATA_TF.code())
        .put((byte) 0)
        .putInt(end - 6)
        .putInt(end - 10)
        .put((byte) contextId)
        .put((byte) (kind | last));
    channel.write(pdu, end);
    end = HEADERS;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      send(LAST);
    }
  }
}
