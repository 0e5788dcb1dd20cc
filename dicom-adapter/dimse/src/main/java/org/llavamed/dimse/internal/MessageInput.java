package org.llavamed.dimse.internal;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.DataSets;
import org.llavamed.dicom.Uids;
import org.llavamed.imaging.ImagingException;
import org.llavamed.network.NetworkException;

/**
 * Puts messages together from presentation data values (PS3.8 annex E). What breaks the rules
 * aborts the association.
 */
final class MessageInput {
  private static final int MOST_COMMAND_BYTES = 1 << 16;
  private static final int MOST_IDENTIFIER_BYTES = 1 << 24;

  private final PduInput input;
  private final Contexts contexts;
  private final Duration timeout;
  private final PduInput.Aborter aborter;

  /**
   * Makes an input.
   *
   * @param timeout for each part of a data set
   */
  MessageInput(PduInput input, Contexts contexts, Duration timeout, PduInput.Aborter aborter) {
    this.input = input;
    this.contexts = contexts;
    this.timeout = timeout;
    this.aborter = aborter;
  }

  /**
   * Waits for the next message; empty where the peer asks for release instead.
   *
   * @param patience until each part of it must be there
   * @param awaited what is due, for messages
   */
  Optional<Message> next(Duration patience, String awaited) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    int id = 0;
    do {
      if (!input.next(patience, awaited)) {
        return Optional.empty();
      }
      id = id == 0 ? input.contextId() : id;
      if (!input.isCommand() || input.contextId() != id || contexts.get(id).isEmpty()) {
        throw aborter.abort(
            Abort.UNEXPECTED_PARAMETER,
            "context %d has a data value where a command was due".formatted(input.contextId()));
      }
      if (bytes.size() + input.left() > MOST_COMMAND_BYTES) {
        throw aborter.abort(
            Abort.INVALID_PARAMETER,
            "a command has more than %d bytes".formatted(MOST_COMMAND_BYTES));
      }
      byte[] part = new byte[input.left()];
      for (int done = 0; done < part.length; ) {
        done += input.read(part, done, part.length - done);
      }
      bytes.writeBytes(part);
    } while (!input.isLast());
    return Optional.of(new Message(id, parse(bytes.toByteArray(), Uids.ImplicitVRLittleEndian)));
  }

  /** Returns the data set of a message as a stream, which must be read to its end. */
  InputStream dataStream(Message message) {
    return input.dataSet(
        message.contextId(), timeout, "the data set of " + CommandField.name(message.field()));
  }

  /** Returns the data set of a message, of at most 16 MiB, in memory. */
  DataSet dataSet(Message message) {
    Optional<Association.Context> context = contexts.get(message.contextId());
    if (!message.hasDataSet() || context.isEmpty()) {
      return new DataSet();
    }
    try (InputStream in = dataStream(message)) {
      byte[] bytes = in.readNBytes(MOST_IDENTIFIER_BYTES);
      if (in.read() >= 0) {
        throw tooLarge();
      }
      return parse(bytes, context.get().transferSyntax());
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  /** Reads over the data set of a message, of at most 16 MiB, and keeps nothing of it. */
  void skipDataSet(Message message) {
    if (!message.hasDataSet()) {
      return;
    }
    try (InputStream in = dataStream(message)) {
      if (!InstanceStore.drain(in, MOST_IDENTIFIER_BYTES)) {
        throw tooLarge();
      }
    } catch (IOException e) {
      throw unreadable(e);
    }
  }

  private NetworkException tooLarge() {
    return aborter.abort(
        Abort.USER, "a data set has more than %d bytes".formatted(MOST_IDENTIFIER_BYTES));
  }

  private NetworkException unreadable(IOException e) {
    return aborter.abort(Abort.USER, "a data set cannot be read (%s)".formatted(e));
  }

  private DataSet parse(byte[] bytes, String transferSyntax) {
    try {
      return DataSets.read("message", ByteBuffer.wrap(bytes), transferSyntax);
    } catch (ImagingException e) {
      throw aborter.abort(Abort.USER, "a message is damaged (%s)".formatted(e.getMessage()));
    }
  }
}
