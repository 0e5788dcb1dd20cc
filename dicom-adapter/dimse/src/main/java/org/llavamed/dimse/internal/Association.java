package org.llavamed.dimse.internal;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Collection;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DataSets;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Timeouts;

/**
 * An established association: messages go out and come in, and it is released or aborted in the end
 * (PS3.8 section 9.2). For use by one thread; {@link #close} may be called by another.
 */
final class Association implements AutoCloseable {
  private static final System.Logger LOGGER = System.getLogger(Association.class.getName());

  /** Most bytes of a PDU that we send, whatever more the peer takes. */
  private static final int MOST_SENT = 1 << 17;

  private static final int LEAST_SENT = 64;
  private static final int SHORT_BODY = 4;

  private final PduChannel channel;
  private final Associate local;
  private final Associate remote;
  private final Timeouts timeouts;
  private final boolean requestor;
  private final int sendLength;
  private final Contexts contexts;
  private final PduInput pdus;
  private final MessageInput input;
  private int messageId;
  private volatile State state = State.STA6;

  /**
   * A presentation context that both sides agreed on.
   *
   * @param id of the context
   * @param abstractSyntax SOP Class UID
   * @param transferSyntax Transfer Syntax UID
   */
  record Context(int id, String abstractSyntax, String transferSyntax) {}

  /**
   * Takes an association that was negotiated over.
   *
   * @param local what we said
   * @param remote what the peer said
   * @param requestor whether we asked for the association
   * @throws NetworkException if the peer takes no PDU of a useful length
   */
  Association(
      PduChannel channel, Associate local, Associate remote, Timeouts timeouts, boolean requestor) {
    this.channel = channel;
    this.local = local;
    this.remote = remote;
    this.timeouts = timeouts;
    this.requestor = requestor;
    long most = remote.user().maxLength() == 0 ? MOST_SENT : remote.user().maxLength();
    this.sendLength = (int) Math.min(MOST_SENT, most) & ~1;
    this.contexts =
        new Contexts(channel.peer(), requestor ? local : remote, requestor ? remote : local);
    this.pdus = new PduInput(channel, (int) local.user().maxLength(), this::broken);
    this.input = new MessageInput(pdus, contexts, timeouts.response(), this::broken);
    if (sendLength < LEAST_SENT) {
      throw broken(
          Abort.INVALID_PARAMETER,
          "it takes PDUs of %d bytes only".formatted(remote.user().maxLength()));
    }
  }

  /** Returns what the peer said of itself. */
  Associate remote() {
    return remote;
  }

  Object peer() {
    return channel.peer();
  }

  Timeouts timeouts() {
    return timeouts;
  }

  State state() {
    return state;
  }

  /** Returns the accepted contexts, by their numbers. */
  Collection<Context> contexts() {
    return contexts.all();
  }

  Optional<Context> context(int id) {
    return contexts.get(id);
  }

  /**
   * Returns the first accepted context of a SOP class.
   *
   * @throws NetworkException if the peer has accepted none
   */
  Context require(String abstractSyntax, String name) {
    return contexts.require(abstractSyntax, name);
  }

  /** Returns a number for the next request. */
  int nextMessageId() {
    messageId = messageId % 0xFFFF + 1;
    return messageId;
  }

  /** Sends a message without a data set. */
  void send(int contextId, DataSet command) {
    try (OutputStream out = new PdvWriter(channel, contextId, true, sendLength)) {
      DataSets.write(command, Uids.ImplicitVRLittleEndian, out);
    } catch (IOException e) {
      throw broken(Abort.USER, "a message cannot be sent (%s)".formatted(e));
    }
  }

  /** Sends a message with a data set in memory. */
  void send(Context context, DataSet command, DataSet dataSet) {
    send(context.id(), command);
    try (OutputStream out = data(context.id())) {
      DataSets.write(dataSet, context.transferSyntax(), out);
    } catch (IOException e) {
      throw broken(Abort.USER, "a data set cannot be sent (%s)".formatted(e));
    }
  }

  /** Returns a stream for the data set of a message; closing it ends the message. */
  OutputStream data(int contextId) {
    return new PdvWriter(channel, contextId, false, sendLength);
  }

  /**
   * Waits until a message, a request for release or the end of the connection comes; false where
   * the time is over before.
   *
   * @param awaited what is due, for messages
   */
  boolean comes(Duration timeout, String awaited) {
    return hasMore() || channel.comes(timeout, awaited);
  }

  /** Returns whether the PDU that was read last holds more than was taken of it. */
  boolean hasMore() {
    return pdus.hasMore();
  }

  /**
   * Waits for the next message; empty when the peer has released the association instead.
   *
   * @param awaited what is due, for messages
   */
  Optional<Message> next(Duration timeout, String awaited) {
    Optional<Message> message = input.next(timeout, awaited);
    if (message.isEmpty()) {
      released();
    }
    return message;
  }

  /**
   * Waits for a response to a request of ours.
   *
   * @throws NetworkException if the peer releases the association, or something else comes
   */
  Message response(int requestField) {
    return response(requestField, timeouts.response());
  }

  /** As {@link #response(int)}, within a time of its own. */
  Message response(int requestField, Duration timeout) {
    int field = requestField | CommandField.RESPONSE;
    Message message = message(timeout, CommandField.name(field));
    if (message.field() != field) {
      throw unexpected(message, CommandField.name(field));
    }
    return answering(message);
  }

  /**
   * Returns a response that has a status and answers our last request; there is one at a time.
   *
   * @throws NetworkException for any other one; the association is aborted
   */
  Message answering(Message response) {
    String name = CommandField.name(response.field());
    if (!response.hasStatus()) {
      throw broken(Abort.USER, name + " has no status");
    }
    OptionalInt id = response.command().integer(Tag.MessageIDBeingRespondedTo);
    if (id.isEmpty() || id.getAsInt() != messageId) {
      throw broken(
          Abort.USER,
          "%s answers message %s, %d was due"
              .formatted(name, id.isEmpty() ? "none" : "" + id.getAsInt(), messageId));
    }
    return response;
  }

  /** Waits for any message. */
  Message message(Duration timeout, String awaited) {
    return next(timeout, awaited)
        .orElseThrow(
            () ->
                NetworkException.failed(
                    peer(),
                    "it released the association where %s was due".formatted(awaited),
                    "Look into its log"));
  }

  /** Aborts and returns the error for a message that is not due. */
  NetworkException unexpected(Message message, String awaited) {
    return broken(
        Abort.USER,
        "%s came where %s was due".formatted(CommandField.name(message.field()), awaited));
  }

  /** Returns the data set of a message as a stream, which must be read to its end. */
  InputStream dataStream(Message message) {
    return input.dataStream(message);
  }

  /** Returns the data set of a message, of at most 16 MiB, in memory. */
  DataSet dataSet(Message message) {
    return input.dataSet(message);
  }

  /** Reads over the data set of a message, of at most 16 MiB, and keeps nothing of it. */
  void skipDataSet(Message message) {
    input.skipDataSet(message);
  }

  /** Answers a release request (AR-2, AR-4) and waits for the end of the connection. */
  private void released() {
    state = State.STA8;
    channel.write(PduType.A_RELEASE_RP, new byte[SHORT_BODY]);
    state = State.STA13;
    channel.awaitEnd(timeouts.release());
    end();
  }

  /**
   * Releases the association.
   *
   * @throws NetworkException if the peer does not answer
   */
  void release() {
    runRelease(channel::take);
  }

  /**
   * As {@link #release()}, but takes the messages that cross our request. They cannot be answered:
   * who has asked for release sends no more data (PS3.8 section 9.2.3).
   *
   * @param late reads the data set of a message too
   */
  void release(Consumer<Message> late) {
    long end = System.nanoTime() + timeouts.release().toNanos();
    runRelease(
        length -> {
          pdus.begin(length);
          while (hasMore()) {
            if (System.nanoTime() > end) {
              throw broken(Abort.USER, "messages without end came where the release was due");
            }
            late.accept(message(timeouts.release(), PduType.A_RELEASE_RP.text()));
          }
        });
  }

  private void runRelease(IntConsumer data) {
    state = State.STA7;
    new Release(
            channel, requestor, local.user().maxLength(), timeouts.release(), this::broken, data)
        .run();
    end();
  }

  /** Aborts for what the peer did and returns the error to throw. */
  NetworkException broken(Abort reason, String found) {
    abort(reason);
    return NetworkException.failed(
        peer(), found + ", so that the association was aborted", "Look into the peer's log");
  }

  /** Aborts because this thread was interrupted, and returns the error to throw. */
  NetworkException interrupted(Exception cause) {
    abort(Abort.USER);
    return NetworkException.failed(peer(), PduChannel.INTERRUPTED, PduChannel.START_AGAIN, cause);
  }

  /** Sends an A-ABORT PDU, where that is possible, and closes the connection. */
  void abort(Abort reason) {
    if (state == State.STA1) {
      return;
    }
    try {
      channel.write(
          PduType.A_ABORT, new byte[] {0, 0, (byte) reason.source(), (byte) reason.reason()});
    } catch (NetworkException e) {
      LOGGER.log(System.Logger.Level.DEBUG, "The abort was not sent: {0}", e.getMessage());
    }
    end();
  }

  private void end() {
    state = State.STA1;
    channel.finish();
  }

  /** Aborts the association unless it is over. */
  @Override
  public void close() {
    abort(Abort.USER);
  }
}
