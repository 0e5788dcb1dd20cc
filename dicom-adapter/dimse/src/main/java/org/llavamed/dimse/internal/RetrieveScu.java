package org.llavamed.dimse.internal;

import java.time.Duration;
import java.util.function.Consumer;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.RetrieveOutcome;

/** Fetches objects from a peer (PS3.4 annex C.4.2 and C.4.3), as service class user. */
final class RetrieveScu {
  private static final int TIMES_LONGER = 10;
  private static final Duration LONGEST = Duration.ofDays(1);

  private final Connector connector;

  RetrieveScu(Connector connector) {
    this.connector = connector;
  }

  RetrieveOutcome move(Peer peer, Query query, String destination) {
    DataSet identifier = QueryKeys.identifier(query);
    String model = QueryModel.MOVE.uid(query);
    try (Association association = connector.open(peer, QueryModel.MOVE.proposal(query))) {
      Association.Context context = QueryModel.MOVE.require(association, query);
      DataSet command =
          Message.request(CommandField.C_MOVE_RQ, association.nextMessageId(), model, true)
              .putInts(Tag.Priority, Vr.US, 0)
              .putString(Tag.MoveDestination, Vr.AE, destination);
      association.send(context, command, identifier);
      Message response = association.response(CommandField.C_MOVE_RQ, patience(association));
      while (Status.isPending(response.status())) {
        association.skipDataSet(response);
        response = association.response(CommandField.C_MOVE_RQ, patience(association));
      }
      return end(association, response, "C-MOVE");
    }
  }

  RetrieveOutcome get(
      Peer peer, Query query, ReceiveSettings settings, Consumer<ReceivedInstance> each) {
    DataSet identifier = QueryKeys.identifier(query);
    String model = QueryModel.GET.uid(query);
    StoreScp store = new StoreScp(new InstanceStore(settings.folder()), settings.limits(), each);
    Connector.Proposal proposal = GetProposal.of(query, HeldClasses.ask(connector, peer, query));
    try (Association association = connector.open(peer, proposal)) {
      Association.Context context = QueryModel.GET.require(association, query);
      DataSet command =
          Message.request(CommandField.C_GET_RQ, association.nextMessageId(), model, true)
              .putInts(Tag.Priority, Vr.US, 0);
      association.send(context, command, identifier);
      int kept = 0;
      int refused = 0;
      Message message = next(association);
      while (message.field() == CommandField.C_STORE_RQ || Status.isPending(message.status())) {
        if (message.field() == CommandField.C_STORE_RQ) {
          int status = store.store(association, message, peer.calledAeTitle());
          kept += status == Status.SUCCESS ? 1 : 0;
          refused += status == Status.SUCCESS ? 0 : 1;
        } else {
          association.skipDataSet(message);
        }
        message = next(association);
      }
      return arrived(end(association, message, "C-GET"), peer, kept, refused);
    }
  }

  /** Archives fetch from slow media, and need not answer for each object. */
  private static Duration patience(Association association) {
    Duration longer = association.timeouts().response().multipliedBy(TIMES_LONGER);
    return longer.compareTo(LONGEST) > 0 ? LONGEST : longer;
  }

  private static Message next(Association association) {
    String due = "C-GET-RSP or C-STORE-RQ";
    Message message = association.message(patience(association), due);
    boolean response = message.field() == (CommandField.C_GET_RQ | CommandField.RESPONSE);
    if (!response && message.field() != CommandField.C_STORE_RQ) {
      throw association.unexpected(message, due);
    }
    return response ? association.answering(message) : message;
  }

  /** Returns the outcome by what came here, not by what the peer says of it. */
  private static RetrieveOutcome arrived(RetrieveOutcome said, Peer peer, int kept, int refused) {
    String problem = said.problem();
    if (refused > 0) {
      problem =
          "%s: %d objects were refused here, %d were kept. Look into the log here."
              .formatted(peer, refused, kept);
    } else if (problem.isEmpty() && kept < said.completed() + said.warning()) {
      problem =
          "%s: it says that %d objects were sent, %d came. Look into its log."
              .formatted(peer, said.completed() + said.warning(), kept);
    } else if (problem.isEmpty() && kept == 0) {
      problem = nothing(peer);
    }
    return new RetrieveOutcome(
        Math.max(0, kept - said.warning()),
        Math.max(refused, said.failed()),
        said.warning(),
        said.status(),
        problem);
  }

  private static String nothing(Object peer) {
    return "%s: nothing matched. Check the keys, by 'find'.".formatted(peer);
  }

  private static boolean isZero(Message response, int tag) {
    return response.command().integer(tag).orElse(1) == 0;
  }

  private static RetrieveOutcome end(Association association, Message response, String name) {
    association.skipDataSet(response); // the list of failed instances
    association.release();
    int failed = response.number(Tag.NumberOfFailedSuboperations);
    String problem = "";
    if (response.status() != Status.SUCCESS || failed > 0) {
      problem =
          "%s: it answers %s%s to %s, %d completed, %d failed. Look into its log."
              .formatted(
                  association.peer(),
                  Status.describe(response.status()),
                  response.comment(),
                  name,
                  response.number(Tag.NumberOfCompletedSuboperations),
                  failed);
    } else if (isZero(response, Tag.NumberOfCompletedSuboperations)
        && isZero(response, Tag.NumberOfWarningSuboperations)) {
      problem = nothing(association.peer());
    }
    return new RetrieveOutcome(
        response.number(Tag.NumberOfCompletedSuboperations),
        failed,
        response.number(Tag.NumberOfWarningSuboperations),
        response.status(),
        problem);
  }
}
