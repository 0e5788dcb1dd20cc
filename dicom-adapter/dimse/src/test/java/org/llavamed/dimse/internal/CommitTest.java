package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.network.CommitOutcome;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceiveSettings.Access;
import org.llavamed.network.StoreOutcome;
import org.llavamed.network.Timeouts;

/** Where and when peers report on a storage commitment. */
final class CommitTest {
  private static final Timeouts BRIEF_RESPONSE =
      new Timeouts(
          ScriptedPeer.PATIENCE,
          ScriptedPeer.PATIENCE,
          Duration.ofMillis(500),
          ScriptedPeer.PATIENCE,
          ScriptedPeer.PATIENCE);
  private static final String LOST = Objects.SERIES + ".99";

  @TempDir Path folder;
  private volatile int ownPort;

  private CommitOutcome commit(Peer peer, boolean withPort, Duration patience) throws Exception {
    List<StoreOutcome> asked = new ArrayList<>();
    for (String uid : List.of(Objects.SERIES + ".1", LOST)) {
      asked.add(new StoreOutcome(folder, Uids.CTImageStorage, uid, "", 0, ""));
    }
    ReceiveSettings here =
        new ReceiveSettings(
            Optional.of("SENDER"),
            "127.0.0.1",
            ownPort,
            folder,
            Access.ALL,
            Loopback.LIMITS,
            Loopback.TIMEOUTS,
            Optional.empty());
    return new DimseUser()
        .commit(peer, asked, withPort ? Optional.of(here) : Optional.empty(), patience);
  }

  private static void check(CommitOutcome outcome) {
    assertThat(outcome.committed()).containsExactly(Objects.SERIES + ".1");
    assertThat(outcome.failed()).containsExactly(Map.entry(LOST, "0112 (no such SOP instance)"));
  }

  /** Reads the request and returns what is to be reported: all but one object are there. */
  private static DataSet request(Association association) {
    Message request = ScriptedPeer.message(association);
    assertThat(request.field()).isEqualTo(CommandField.N_ACTION_RQ);
    DataSet action = association.dataSet(request);
    List<DataSet> there = new ArrayList<>();
    List<DataSet> lost = new ArrayList<>();
    for (DataSet item : action.items(Tag.ReferencedSOPSequence)) {
      boolean failed = item.string(Tag.ReferencedSOPInstanceUID).orElseThrow().equals(LOST);
      (failed ? lost : there).add(failed ? item.putInts(Tag.FailureReason, Vr.US, 0x0112) : item);
    }
    return new DataSet()
        .copyFrom(action, Tag.TransactionUID)
        .putItems(Tag.ReferencedSOPSequence, there)
        .putItems(Tag.FailedSOPSequence, lost);
  }

  private static void respond(Association association) {
    DataSet command =
        Message.command(CommandField.N_ACTION_RQ | CommandField.RESPONSE, false)
            .putInts(Tag.MessageIDBeingRespondedTo, Vr.US, 1)
            .putInts(Tag.Status, Vr.US, Status.SUCCESS);
    association.send(1, command);
  }

  private static void report(Association association, DataSet result) {
    Association.Context context =
        association.require(Uids.StorageCommitmentPushModel, "storage commitment");
    DataSet command =
        Message.request(CommandField.N_EVENT_REPORT_RQ, 7, Uids.StorageCommitmentPushModel, true)
            .putString(Tag.AffectedSOPInstanceUID, Vr.UI, Uids.StorageCommitmentPushModelInstance)
            .putInts(Tag.EventTypeID, Vr.US, 2);
    association.send(context, command, result);
  }

  private static void awaitAnswer(Association association) {
    Message answer = ScriptedPeer.message(association);
    assertThat(answer.field()).isEqualTo(CommandField.N_EVENT_REPORT_RQ | CommandField.RESPONSE);
    assertThat(answer.status()).isEqualTo(Status.SUCCESS);
    assertThat(answer.number(Tag.MessageIDBeingRespondedTo)).isEqualTo(7);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReportOnTheAssociationOfTheRequestIsAnsweredWithAndWithoutPort(boolean withPort)
      throws Exception {
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            association -> {
              DataSet result = request(association);
              respond(association);
              Thread.sleep(300);
              report(association, result);
              awaitAnswer(association);
              ScriptedPeer.awaitRelease(association);
            })) {
      check(commit(peer.peer(Loopback.TIMEOUTS), withPort, ScriptedPeer.PATIENCE));
      peer.awaitEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReportBeforeTheResponseToTheRequestIsAnswered(boolean withPort) throws Exception {
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            association -> {
              DataSet result = request(association);
              report(association, result);
              awaitAnswer(association);
              respond(association);
              ScriptedPeer.awaitRelease(association);
            })) {
      check(commit(peer.peer(Loopback.TIMEOUTS), withPort, ScriptedPeer.PATIENCE));
      peer.awaitEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReportThatCrossesOurReleaseIsTaken(boolean withPort) throws Exception {
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            association -> {
              DataSet result = request(association);
              respond(association);
              // the release of the client has come before the report goes out, and is not read yet
              assertThat(association.comes(ScriptedPeer.PATIENCE, "release")).isTrue();
              report(association, result);
              ScriptedPeer.awaitRelease(association);
            })) {
      Duration patience = Duration.ofSeconds(1);
      check(commit(peer.peer(Loopback.TIMEOUTS), withPort, patience));
      peer.awaitEnd();
    }
  }

  private void reportOnAnAssociationOfItsOwn(DataSet result) {
    PresentationContext proposed =
        new PresentationContext(
            1, 0, Uids.StorageCommitmentPushModel, List.of(Uids.ImplicitVRLittleEndian));
    Peer client =
        new Peer("127.0.0.1", ownPort, "SENDER", "ARCHIVE", Optional.empty(), Loopback.TIMEOUTS);
    var proposal =
        new Connector.Proposal(
            List.of(proposed),
            Map.of(Uids.StorageCommitmentPushModel, new Associate.Roles(false, true)),
            Map.of());
    try (Association association = new Connector(new Watchdog()).open(client, proposal)) {
      report(association, result);
      awaitAnswer(association);
      association.release();
    }
  }

  @Test
  void aReportOnAnAssociationOfItsOwnIsAnsweredWhileTheFirstIsOpen() throws Exception {
    ownPort = Program.freePort();
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            association -> {
              DataSet result = request(association);
              respond(association);
              reportOnAnAssociationOfItsOwn(result);
              ScriptedPeer.awaitRelease(association);
            })) {
      check(commit(peer.peer(Loopback.TIMEOUTS), true, ScriptedPeer.PATIENCE));
      peer.awaitEnd();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"awaits the release", "releases", "aborts"})
  void aReportOnAnAssociationOfItsOwnIsAnsweredAfterTheFirstHasEnded(String end) throws Exception {
    ownPort = Program.freePort();
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            association -> {
              DataSet result = request(association);
              respond(association);
              switch (end) {
                case "releases" -> association.release();
                case "aborts" -> association.abort(Abort.USER);
                default -> ScriptedPeer.awaitRelease(association);
              }
              reportOnAnAssociationOfItsOwn(result);
            })) {
      check(commit(peer.peer(Loopback.TIMEOUTS), true, ScriptedPeer.PATIENCE));
      peer.awaitEnd();
    }
  }

  @Test
  void halfOfAShortPatienceIsLeftForReportsAfterTheRelease() throws Exception {
    ownPort = Program.freePort();
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            association -> {
              DataSet result = request(association);
              respond(association);
              ScriptedPeer.awaitRelease(association);
              reportOnAnAssociationOfItsOwn(result);
            })) {
      check(commit(peer.peer(Loopback.TIMEOUTS), true, Duration.ofSeconds(4)));
      peer.awaitEnd();
    }
  }

  @Test
  void aReportOnAnotherCommitmentIsRefusedAndPassedOver() throws Exception {
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            association -> {
              DataSet result = request(association);
              respond(association);
              report(association, new DataSet().putString(Tag.TransactionUID, Vr.UI, "1.2.3"));
              assertThat(ScriptedPeer.message(association).status()).isEqualTo(0x0110);
              report(association, result);
              awaitAnswer(association);
              ScriptedPeer.awaitRelease(association);
            })) {
      check(commit(peer.peer(Loopback.TIMEOUTS), false, ScriptedPeer.PATIENCE));
      peer.awaitEnd();
    }
  }

  @Test
  void aPeerThatDoesNotReportIsNamedAfterTheTimeout() throws Exception {
    Duration patience = Duration.ofMillis(500);
    ownPort = Program.freePort();
    for (boolean withPort : new boolean[] {false, true}) {
      try (ScriptedPeer peer =
          ScriptedPeer.start(
              association -> {
                request(association);
                respond(association);
                ScriptedPeer.awaitRelease(association);
              })) {
        assertThatThrownBy(() -> commit(peer.peer(Loopback.TIMEOUTS), withPort, patience))
            .isInstanceOf(NetworkException.class)
            .hasMessageEndingWith(
                withPort
                    ? ("no report on the storage commitment came to port %d within 500 ms. Check"
                            + " that it knows our AE title, address and port.")
                        .formatted(ownPort)
                    : "no report on the storage commitment came on the association of the request"
                        + " within 500 ms. Give a port on which it can report too"
                        + " (--commit-port).");
        peer.awaitEnd();
      }
    }
  }

  @Test
  void aPeerThatReleasesInsteadOfReportingIsNamedAtOnceWhereThereIsNoPort() throws Exception {
    try (ScriptedPeer peer =
        ScriptedPeer.start(
            association -> {
              request(association);
              respond(association);
              association.release();
            })) {
      assertThatThrownBy(() -> commit(peer.peer(Loopback.TIMEOUTS), false, Duration.ofDays(1)))
          .isInstanceOf(NetworkException.class)
          .hasMessageContaining("it released the association where N-EVENT-REPORT-RQ was due");
    }
  }

  @Test
  void aPeerThatDoesNotAnswerTheRequestIsNamedAfterTheTimeout() throws Exception {
    for (boolean withPort : new boolean[] {false, true}) {
      try (ScriptedPeer peer =
          ScriptedPeer.start(
              association -> {
                request(association);
                ScriptedPeer.message(association);
              })) {
        assertThatThrownBy(() -> commit(peer.peer(BRIEF_RESPONSE), withPort, ScriptedPeer.PATIENCE))
            .isInstanceOf(NetworkException.class)
            .hasMessageContaining("no N-ACTION-RSP within 500 ms");
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"serve_commit_later", "serve_commit_within"})
  void pynetdicomReportsOnTheAssociationOfTheRequest(String how) throws Exception {
    Path python = Pynetdicom.python();
    Path script = Pynetdicom.script(folder);
    for (boolean withPort : new boolean[] {false, true}) {
      int port = Program.freePort();
      try (Program peer = Program.start(folder, python, script, how, port, LOST).awaitPort(port)) {
        check(commit(Loopback.peer(port), withPort, ScriptedPeer.PATIENCE));
        assertThat(peer.exitCode()).as(peer.output()).isZero();
      }
    }
  }
}
