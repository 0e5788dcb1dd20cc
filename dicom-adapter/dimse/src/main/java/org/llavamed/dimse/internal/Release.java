package org.llavamed.dimse.internal;

import java.time.Duration;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The release of an association by us (PS3.8 section 9.2): data may still come (AR-6), but cannot
 * be answered; a request of the peer at the same time is answered (AR-8 to AR-10).
 */
final class Release {
  private static final int SHORT_BODY = 4;

  private final PduChannel channel;
  private final boolean requestor;
  private final long mostBytes;
  private final Duration timeout;
  private final PduInput.Aborter aborter;
  private final IntConsumer data;
  private State state = State.STA6;

  /**
   * Makes a release.
   *
   * @param requestor whether we asked for the association
   * @param mostBytes of a PDU of data
   * @param timeout until it is over
   * @param data takes a PDU of data, of the length given, from the channel
   */
  Release(
      PduChannel channel,
      boolean requestor,
      long mostBytes,
      Duration timeout,
      PduInput.Aborter aborter,
      IntConsumer data) {
    this.channel = channel;
    this.requestor = requestor;
    this.mostBytes = mostBytes;
    this.timeout = timeout;
    this.aborter = aborter;
    this.data = data;
  }

  /** Asks for the release and waits for the answer; the connection is then to be closed. */
  void run() {
    state = State.STA7;
    channel.write(PduType.A_RELEASE_RQ, new byte[SHORT_BODY]);
    long end = System.nanoTime() + timeout.toNanos();
    while (state != State.STA1) {
      Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
      PduChannel.Header header = channel.header(left, PduType.A_RELEASE_RP.text());
      take(header, PduType.of(header.code()).orElse(null));
    }
  }

  private void take(PduChannel.Header header, @Nullable PduType type) {
    boolean brief = header.length() == SHORT_BODY;
    if (type == PduType.P_DATA_TF && header.length() <= mostBytes && state == State.STA7) {
      data.accept((int) header.length());
    } else if (type == PduType.A_RELEASE_RP && brief) {
      channel.take(SHORT_BODY);
      answerCollision();
      state = State.STA1;
    } else if (type == PduType.A_RELEASE_RQ && brief && state == State.STA7) {
      channel.take(SHORT_BODY);
      collide();
    } else if (type == PduType.A_ABORT && brief) {
      throw PduInput.aborted(channel);
    } else {
      throw aborter.abort(
          type == null ? Abort.UNRECOGNISED_PDU : Abort.UNEXPECTED_PDU,
          "PDU type %02X of %d bytes came where the release was due"
              .formatted(header.code(), header.length()));
    }
  }

  /** The requestor answers at once, the acceptor after its own request was answered. */
  private void collide() {
    state = requestor ? State.STA9 : State.STA10;
    if (requestor) {
      channel.write(PduType.A_RELEASE_RP, new byte[SHORT_BODY]);
      state = State.STA11;
    }
  }

  private void answerCollision() {
    if (state == State.STA10) {
      state = State.STA12;
      channel.write(PduType.A_RELEASE_RP, new byte[SHORT_BODY]);
      state = State.STA13;
      channel.awaitEnd(timeout);
    }
  }
}
