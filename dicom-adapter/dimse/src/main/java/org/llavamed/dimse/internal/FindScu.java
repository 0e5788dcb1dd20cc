package org.llavamed.dimse.internal;

import java.util.function.Consumer;
import org.llavamed.dicom.DataSet;
import org.llavamed.network.DimseClient.Match;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;

/** Looks for things at a peer (PS3.4 annex C.4.1), as service class user. */
final class FindScu {
  private final Connector connector;

  FindScu(Connector connector) {
    this.connector = connector;
  }

  boolean find(Peer peer, Query query, int most, Consumer<Match> each) {
    DataSet identifier = QueryKeys.identifier(query);
    try (Association association = connector.open(peer, QueryModel.FIND.proposal(query))) {
      boolean all =
          new Queries(association, QueryModel.FIND.require(association, query))
              .ask(identifier, most, match -> each.accept(QueryKeys.match(match)));
      association.release();
      return all;
    }
  }
}
