package org.llavamed.dimse.internal;

import java.util.function.Consumer;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.network.NetworkException;

/**
 * Queries over an association, one after the other (PS3.4 section C.4.1).
 *
 * @param association that is open
 * @param context of the information model
 */
record Queries(Association association, Association.Context context) {
  /**
   * Asks one query.
   *
   * @param most matches after which it is cancelled; 0 for no limit
   * @param each hears of every match
   * @return whether all matches were told
   * @throws NetworkException if the peer answers that it failed
   */
  boolean ask(DataSet identifier, int most, Consumer<DataSet> each) {
    int messageId = association.nextMessageId();
    DataSet command =
        Message.request(CommandField.C_FIND_RQ, messageId, context.abstractSyntax(), true)
            .putInts(Tag.Priority, Vr.US, 0);
    association.send(context, command, identifier);
    int count = 0;
    boolean cancelled = false;
    Message response = association.response(CommandField.C_FIND_RQ);
    while (Status.isPending(response.status())) {
      DataSet match = association.dataSet(response);
      if (!cancelled) {
        count++;
        each.accept(match);
        if (count == most) {
          cancelled = true;
          association.send(context.id(), cancel(messageId));
        }
      }
      response = association.response(CommandField.C_FIND_RQ);
    }
    association.skipDataSet(response);
    boolean expected =
        response.status() == Status.SUCCESS || (cancelled && response.status() == Status.CANCEL);
    if (!expected) {
      throw NetworkException.failed(
          association.peer(),
          "it answers %s%s to C-FIND after %d matches"
              .formatted(Status.describe(response.status()), response.comment(), count),
          "Check the keys and the level, or look into its log");
    }
    return !cancelled;
  }

  private static DataSet cancel(int messageId) {
    return Message.command(CommandField.C_CANCEL_RQ, false)
        .putInts(Tag.MessageIDBeingRespondedTo, Vr.US, messageId);
  }
}
