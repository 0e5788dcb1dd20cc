package org.llavamed.dimse.internal;

import java.io.InputStream;
import java.time.Duration;
import org.llavamed.network.NetworkException;

/**
 * Takes the presentation data values out of the PDUs of an established association (PS3.8 section
 * 9.3.5 and annex E). What breaks the rules aborts the association.
 */
final class PduInput {
  private static final int SHORT_BODY = 4;
  private static final int PDV_HEADER = 6;

  /** Bytes a second of a data set on average, after the time for one part of it. */
  private static final int SLOWEST = 1024;

  private final PduChannel channel;
  private final Aborter aborter;
  private final int mostBytes;
  private long pduLeft;
  private int pdvLeft;
  private int contextId;
  private boolean command;
  private boolean last;

  /** Aborts the association. */
  @FunctionalInterface
  interface Aborter {
    /** Aborts, and returns the error to throw. */
    NetworkException abort(Abort reason, String found);
  }

  /**
   * Makes an input.
   *
   * @param mostBytes of the variable field of a P-DATA-TF PDU
   */
  PduInput(PduChannel channel, int mostBytes, Aborter aborter) {
    this.channel = channel;
    this.mostBytes = mostBytes;
    this.aborter = aborter;
  }

  int contextId() {
    return contextId;
  }

  boolean isCommand() {
    return command;
  }

  boolean isLast() {
    return last;
  }

  int left() {
    return pdvLeft;
  }

  /** Returns whether the present PDU holds more values. */
  boolean hasMore() {
    return pduLeft > 0;
  }

  /** Goes on with a PDU whose header was read elsewhere. */
  void begin(int length) {
    pduLeft = length;
  }

  /** Moves to the next presentation data value; false where the peer asks for release instead. */
  boolean next(Duration timeout, String awaited) {
    if (pduLeft == 0) {
      pduLeft = dataPdu(timeout, awaited);
      if (pduLeft == 0) {
        return false;
      }
    }
    if (pduLeft < PDV_HEADER) {
      throw aborter.abort(
          Abort.INVALID_PARAMETER, "a PDU ends with %d bytes of a header".formatted(pduLeft));
    }
    long length = channel.readInt() & 0xFFFFFFFFL;
    if (length < 2 || length > pduLeft - 4) {
      throw aborter.abort(
          Abort.INVALID_PARAMETER,
          "a presentation data value of %d bytes in %d bytes of a PDU"
              .formatted(length, pduLeft - 4));
    }
    byte[] header = channel.take(2);
    contextId = header[0] & 0xFF;
    command = (header[1] & 1) != 0;
    last = (header[1] & 2) != 0;
    pdvLeft = (int) length - 2;
    pduLeft -= PDV_HEADER;
    return true;
  }

  /** Reads to the next PDU of data and returns its length; 0 for a release request. */
  private long dataPdu(Duration timeout, String awaited) {
    PduChannel.Header header = channel.header(timeout, awaited);
    PduType type = PduType.of(header.code()).orElse(null);
    if (type == null) {
      throw aborter.abort(
          Abort.UNRECOGNISED_PDU, "a PDU of unknown type %02X came".formatted(header.code()));
    }
    if (type == PduType.P_DATA_TF) {
      if (header.length() < PDV_HEADER || header.length() > mostBytes) {
        throw aborter.abort(
            Abort.INVALID_PARAMETER,
            "a PDU of %d bytes came, %d to %d are allowed"
                .formatted(header.length(), PDV_HEADER, mostBytes));
      }
      return header.length();
    }
    if (type == PduType.A_ABORT && header.length() == SHORT_BODY) {
      throw aborted(channel);
    }
    if (type == PduType.A_RELEASE_RQ && header.length() == SHORT_BODY) {
      channel.take(SHORT_BODY);
      return 0;
    }
    throw aborter.abort(
        Abort.UNEXPECTED_PDU,
        "%s of %d bytes came where %s was due".formatted(type.text(), header.length(), awaited));
  }

  /** Reads the body of an A-ABORT PDU, closes the connection and returns the error to throw. */
  static NetworkException aborted(PduChannel channel) {
    byte[] body = channel.take(SHORT_BODY);
    channel.close();
    return NetworkException.failed(
        channel.peer(),
        "it aborted the association " + Abort.describe(body[2] & 0xFF, body[3] & 0xFF),
        "Look into its log");
  }

  /** Reads bytes of the present value, at most those that are left. */
  int read(byte[] bytes, int offset, int length) {
    int count = channel.read(bytes, offset, Math.min(length, pdvLeft));
    pdvLeft -= count;
    pduLeft -= count;
    return count;
  }

  /** Returns the data set of a message whose command has been read. */
  InputStream dataSet(int context, Duration timeout, String awaited) {
    return new DataSetStream(context, timeout, awaited);
  }

  /** The values of a data set, one after the other. */
  private final class DataSetStream extends InputStream {
    private final int context;
    private final Duration timeout;
    private final String awaited;
    private final long start = System.nanoTime();
    private long bytesRead;
    private boolean done;

    DataSetStream(int context, Duration timeout, String awaited) {
      this.context = context;
      this.timeout = timeout;
      this.awaited = awaited;
      last = false;
    }

    @Override
    public int read() {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (length == 0) {
        return 0;
      }
      while (!done && pdvLeft == 0) {
        if (last) {
          done = true;
        } else {
          fragment();
        }
      }
      if (done) {
        return -1;
      }
      int count = PduInput.this.read(bytes, offset, length);
      bytesRead += count;
      return count;
    }

    private void fragment() {
      long elapsed = System.nanoTime() - start;
      if (elapsed > timeout.toNanos() && bytesRead < elapsed / 1e9 * SLOWEST) {
        throw aborter.abort(
            Abort.USER, "%s comes with less than %d bytes a second".formatted(awaited, SLOWEST));
      }
      if (!next(timeout, awaited)) {
        throw aborter.abort(Abort.UNEXPECTED_PDU, "it asks for release within a message");
      }
      if (command || contextId != context) {
        throw aborter.abort(
            Abort.UNEXPECTED_PARAMETER,
            "a part of another message came within the data set of context %d".formatted(context));
      }
    }
  }
}
