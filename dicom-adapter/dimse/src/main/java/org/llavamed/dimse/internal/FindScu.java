package org.llavamed.dimse.internal;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;
import org.llavamed.network.DimseClient.FindOptions;
import org.llavamed.network.DimseClient.Match;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;

/** Looks for things at a peer (PS3.4 annex C.4.1), as service class user. */
final class FindScu {
  /** Service class application information: relational queries (PS3.4 section C.5.1.1.1). */
  private static final List<Integer> RELATIONAL = List.of(1);

  private final Connector connector;

  FindScu(Connector connector) {
    this.connector = connector;
  }

  boolean find(Peer peer, Query query, FindOptions options, Consumer<Match> each) {
    DataSet identifier = QueryKeys.identifier(query);
    String model = QueryModel.FIND.uid(query);
    Map<String, List<Integer>> extended =
        options.relational() ? Map.of(model, RELATIONAL) : Map.of();
    var proposal =
        new Connector.Proposal(List.of(QueryModel.FIND.proposed(query)), Map.of(), extended);
    try (Association association = connector.open(peer, proposal)) {
      Association.Context context = association.require(model, "queries (C-FIND)");
      if (options.relational()) {
        requireRelational(association, model);
      }
      int messageId = association.nextMessageId();
      DataSet command =
          Message.request(CommandField.C_FIND_RQ, messageId, model, true)
              .putInts(Tag.Priority, Vr.US, 0);
      association.send(context, command, identifier);
      boolean all = matches(association, context, messageId, new Limited(options.most(), each));
      association.release();
      return all;
    }
  }

  private static void requireRelational(Association association, String model) {
    List<Integer> answer = association.remote().user().extended().getOrDefault(model, List.of());
    if (answer.isEmpty() || answer.get(0) != 1) {
      throw NetworkException.failed(
          association.peer(),
          "it does not support relational queries",
          "Give the unique keys of the levels above, without --relational");
    }
  }

  /** Who hears of matches, and of how many. */
  private record Limited(int most, Consumer<Match> each) {}

  private static boolean matches(
      Association association, Association.Context context, int messageId, Limited limited) {
    int count = 0;
    boolean cancelled = false;
    Message response = association.response(CommandField.C_FIND_RQ);
    while (Status.isPending(response.status())) {
      DataSet match = association.dataSet(response);
      if (!cancelled) {
        count++;
        limited.each().accept(QueryKeys.match(match));
        if (count == limited.most()) {
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
