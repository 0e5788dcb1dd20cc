package org.llavamed.dimse.internal;

import java.io.IOException;
import java.net.Socket;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Part10Writer;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import org.llavamed.network.ReceiveLimits;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.StoreOutcome;
import org.llavamed.network.Timeouts;

/** Our side as the requestor of an association: whatever we ask for, the peer has its answer. */
final class PduFuzzRequestor {
  /** What is asked for. */
  enum Service {
    STORE,
    FIND,
    GET,
    MOVE,
    COMMIT
  }

  private static final Timeouts TIMEOUTS = Timeouts.of(Duration.ofSeconds(30));
  private static final Peer PEER =
      new Peer("localhost", 104, "PEER", "OURS", Optional.empty(), TIMEOUTS);
  private static final Query QUERY =
      new Query(QueryLevel.SERIES, false, Map.of("StudyInstanceUID", "2.25.3", "Modality", "CT"));
  private static final Query RELATIONAL_QUERY =
      new Query(QUERY.level(), QUERY.patientRoot(), true, QUERY.keys());
  private static final int MOST_MATCHES = 2;
  private static final String INSTANCE = "2.25.1";
  private static final String TRANSACTION = "2.25.2";
  private static final int SUCCESS_WITH_REPORT = 1;

  private final Watchdog watchdog;

  PduFuzzRequestor(Watchdog watchdog) {
    this.watchdog = watchdog;
  }

  /**
   * Asks for a service.
   *
   * @param answer all that the peer sends, on each connection
   * @return what the peer says went wrong; empty where nothing did
   */
  String ask(Service service, byte[] answer) throws IOException {
    Supplier<Socket> sockets = () -> new MemorySocket(answer);
    Connector connector = new Connector(watchdog, sockets);
    return switch (service) {
      case STORE -> store(connector);
      case FIND -> {
        new FindScu(connector).find(PEER, RELATIONAL_QUERY, MOST_MATCHES, match -> {});
        yield "";
      }
      case GET -> get(connector);
      case MOVE -> new RetrieveScu(connector).move(PEER, QUERY, "OURS").problem();
      case COMMIT -> {
        new CommitScu(connector, watchdog, () -> TRANSACTION)
            .commit(PEER, List.of(stored()), Optional.empty(), TIMEOUTS.response());
        yield "";
      }
    };
  }

  private static StoreOutcome stored() {
    return new StoreOutcome(
        Path.of("unused"), Uids.CTImageStorage, INSTANCE, Uids.ExplicitVRLittleEndian, 0, "");
  }

  private static String store(Connector connector) throws IOException {
    Path folder = Files.createTempDirectory("llavamed-fuzz-");
    try {
      Path file = folder.resolve("1.dcm");
      Part10Writer.write(object(), Uids.ExplicitVRLittleEndian, file);
      List<String> problems = new ArrayList<>();
      new StoreScu(connector, new Transcoder(null))
          .store(PEER, List.of(file), outcome -> problems.add(outcome.problem()));
      return String.join("; ", problems).replace(folder.toString(), "");
    } finally {
      delete(folder);
    }
  }

  private static String get(Connector connector) throws IOException {
    Path folder = Files.createTempDirectory("llavamed-fuzz-");
    try {
      ReceiveSettings settings =
          new ReceiveSettings(
              Optional.empty(),
              ReceiveSettings.LOOPBACK,
              0,
              folder,
              ReceiveSettings.Access.ALL,
              new ReceiveLimits(1, 1 << 14, 1 << 20, 0),
              TIMEOUTS,
              Optional.empty());
      return new RetrieveScu(connector).get(PEER, QUERY, settings, instance -> {}).problem();
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException e)
              throws IOException {
            Files.delete(directory);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /** Returns what a peer that does all that is asked sends, from its acceptance to the release. */
  byte[] answer(Service service) {
    PduScript script = new PduScript(watchdog);
    switch (service) {
      case STORE -> storage(script);
      case FIND -> matches(script);
      case GET -> objects(script);
      case MOVE -> moves(script);
      case COMMIT -> report(script);
    }
    return script.pdu(PduType.A_RELEASE_RP, new byte[4]).bytes();
  }

  private static void storage(PduScript script) {
    accept(script, Map.of(), Map.of(), 1);
    script.command(1, response(CommandField.C_STORE_RQ, Status.SUCCESS, false));
  }

  private static void matches(PduScript script) {
    accept(script, Map.of(), Map.of(QueryModel.FIND.uid(QUERY), List.of(1)), 1);
    for (String uid : List.of("2.25.3", "2.25.4")) {
      script
          .command(1, response(CommandField.C_FIND_RQ, Status.PENDING, true))
          .data(1, new DataSet().putString(Tag.SeriesInstanceUID, Vr.UI, uid));
    }
    script.command(1, response(CommandField.C_FIND_RQ, Status.SUCCESS, false));
  }

  private static void objects(PduScript script) {
    int context =
        GetProposal.of(QUERY, Set.of()).contexts().stream()
            .filter(proposed -> proposed.abstractSyntax().equals(Uids.CTImageStorage))
            .findFirst()
            .orElseThrow()
            .id();
    var roles = Map.of(Uids.CTImageStorage, new Associate.Roles(false, true));
    accept(script, roles, Map.of(), 1, context);
    DataSet store =
        Message.request(CommandField.C_STORE_RQ, 7, Uids.CTImageStorage, true)
            .putString(Tag.AffectedSOPInstanceUID, Vr.UI, INSTANCE);
    script
        .command(context, store)
        .data(context, object())
        .command(1, response(CommandField.C_GET_RQ, Status.PENDING, false))
        .command(
            1,
            response(CommandField.C_GET_RQ, Status.SUCCESS, false)
                .putInts(Tag.NumberOfCompletedSuboperations, Vr.US, 1));
  }

  private static void moves(PduScript script) {
    accept(script, Map.of(), Map.of(), 1);
    script
        .command(1, response(CommandField.C_MOVE_RQ, Status.PENDING, false))
        .command(
            1,
            response(CommandField.C_MOVE_RQ, Status.SUCCESS, false)
                .putInts(Tag.NumberOfCompletedSuboperations, Vr.US, 1));
  }

  private static void report(PduScript script) {
    accept(script, Map.of(), Map.of(), 1);
    DataSet event =
        Message.command(CommandField.N_EVENT_REPORT_RQ, true)
            .putInts(Tag.MessageID, Vr.US, 7)
            .putString(Tag.AffectedSOPClassUID, Vr.UI, Uids.StorageCommitmentPushModel)
            .putInts(Tag.EventTypeID, Vr.US, SUCCESS_WITH_REPORT);
    DataSet item =
        new DataSet()
            .putString(Tag.ReferencedSOPClassUID, Vr.UI, Uids.CTImageStorage)
            .putString(Tag.ReferencedSOPInstanceUID, Vr.UI, INSTANCE);
    script
        .command(1, response(CommandField.N_ACTION_RQ, Status.SUCCESS, false))
        .command(1, event)
        .data(
            1,
            new DataSet()
                .putString(Tag.TransactionUID, Vr.UI, TRANSACTION)
                .putItems(Tag.ReferencedSOPSequence, item));
  }

  private static void accept(
      PduScript script,
      Map<String, Associate.Roles> roles,
      Map<String, List<Integer>> extended,
      int... contexts) {
    List<PresentationContext> accepted = new ArrayList<>();
    for (int id : contexts) {
      accepted.add(
          new PresentationContext(
              id, PresentationContext.ACCEPTANCE, "", List.of(Uids.ExplicitVRLittleEndian)));
    }
    Associate answer =
        new Associate(
            PEER.calledAeTitle(),
            PEER.callingAeTitle(),
            Associate.APPLICATION_CONTEXT,
            accepted,
            Associate.User.ours(1 << 14, roles, extended));
    script.pdu(PduType.A_ASSOCIATE_AC, AssociateWriter.write(answer, false));
  }

  /** Returns the command set of a response to the first request of an association. */
  private static DataSet response(int request, int status, boolean dataSet) {
    return Message.command(request | CommandField.RESPONSE, dataSet)
        .putInts(Tag.MessageIDBeingRespondedTo, Vr.US, 1)
        .putInts(Tag.Status, Vr.US, status);
  }

  private static DataSet object() {
    return new DataSet()
        .putString(Tag.SOPClassUID, Vr.UI, Uids.CTImageStorage)
        .putString(Tag.SOPInstanceUID, Vr.UI, INSTANCE)
        .putString(Tag.StudyInstanceUID, Vr.UI, "2.25.5")
        .putString(Tag.SeriesInstanceUID, Vr.UI, "2.25.6")
        .putString(Tag.PatientName, Vr.PN, "Doe^Jane");
  }
}
