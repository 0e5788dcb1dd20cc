package org.llavamed.dimse.internal;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.llavamed.dicom.DataSet;
import org.llavamed.network.DimseClient.FindOptions;
import org.llavamed.network.DimseClient.Match;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;

/** Looks for things at a peer (PS3.4 annex C.4.1), as service class user. */
final class FindScu {
  /** What a peer that does not offer queries is said not to accept. */
  static final String SERVICE = "queries (C-FIND)";

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
      Association.Context context = association.require(model, SERVICE);
      if (options.relational()) {
        requireRelational(association, model);
      }
      boolean all =
          new Queries(association, context)
              .ask(identifier, options.most(), match -> each.accept(QueryKeys.match(match)));
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
}
