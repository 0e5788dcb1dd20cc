package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import org.llavamed.network.ReceiveSettings.Access;

/** Extended negotiation for queries and retrievals without the unique keys above their level. */
final class RelationalTest {
  private static final Query RELATIONAL = query(true);

  @TempDir Path folder;

  private static Query query(boolean relational) {
    return new Query(
        QueryLevel.IMAGE, false, relational, Map.of("SOPInstanceUID", Objects.SERIES + ".1"));
  }

  private void ask(QueryModel model, Peer peer, Query query) {
    DimseUser client = new DimseUser();
    switch (model) {
      case FIND -> assertThat(client.find(peer, query, 0, match -> {})).isTrue();
      case MOVE -> assertThat(client.move(peer, query, "OTHER").status()).isZero();
      case GET ->
          assertThat(
                  client
                      .get(
                          peer,
                          query,
                          Loopback.settings(folder, Access.ALL, Loopback.LIMITS),
                          each -> {})
                      .status())
              .isZero();
    }
  }

  /** Starts a peer that has nothing, and answers extended negotiation as given. */
  private static ScriptedPeer peer(QueryModel model, Integer... answer) throws IOException {
    Map<String, List<Integer>> extended =
        answer.length == 0 ? Map.of() : Map.of(model.uid(RELATIONAL), List.of(answer));
    return ScriptedPeer.start(
        extended,
        association -> {
          Optional<Message> next = association.next(ScriptedPeer.PATIENCE, "request");
          while (next.isPresent()) {
            Message request = next.get();
            association.skipDataSet(request);
            association.send(request.contextId(), request.response(Status.SUCCESS, ""));
            next = association.next(ScriptedPeer.PATIENCE, "request");
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void aPeerThatAcceptsIsAsked(QueryModel model) throws IOException {
    for (Integer[] answer : new Integer[][] {{1}, {1, 0, 0}}) {
      try (ScriptedPeer peer = peer(model, answer)) {
        ask(model, peer.peer(Loopback.TIMEOUTS), RELATIONAL);
        assertThat(peer.request().user().extended())
            .isEqualTo(Map.of(model.uid(RELATIONAL), List.of(1)));
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aPeerThatRefusesOrDoesNotAnswerIsNamed(QueryModel model) throws IOException {
    for (Integer[] answer : new Integer[][] {{0}, {0, 1}, {}}) {
      try (ScriptedPeer peer = peer(model, answer)) {
        assertThatThrownBy(() -> ask(model, peer.peer(Loopback.TIMEOUTS), RELATIONAL))
            .isInstanceOf(NetworkException.class)
            .hasMessageEndingWith(
                "it does not support relational %s. Give the unique keys of the levels above,"
                    + " without --relational.",
                model == QueryModel.FIND ? "queries" : "retrieval");
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void aHierarchicalQueryNegotiatesNothing(QueryModel model) throws IOException {
    try (ScriptedPeer peer = peer(model)) {
      ask(model, peer.peer(Loopback.TIMEOUTS), query(false));
      assertThat(peer.request().user().extended()).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FIND", "GET"})
  void pynetdicomUnderstandsWhatIsProposed(QueryModel model) throws Exception {
    Path python = Pynetdicom.python();
    Path script = Pynetdicom.script(folder);
    int port = Program.freePort();
    try (Program peer =
        Program.start(folder, python, script, "serve_relational", port, model.uid(RELATIONAL))
            .awaitPort(port)) {
      ask(model, Loopback.peer(port), RELATIONAL);
      assertThat(peer.exitCode()).as(peer.output()).isZero();
    }
  }
}
