package org.llavamed.dimse.internal;

import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Uids;
import org.llavamed.dicom.Vr;
import org.llavamed.network.CommitOutcome;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.StoreOutcome;

/**
 * Asks a peer once to take the responsibility for objects (PS3.4 annex J), as service class user.
 * The report may come on the association of the request, or on one that the peer asks for.
 */
final class CommitScu {
  private static final System.Logger LOGGER = System.getLogger(CommitScu.class.getName());
  private static final int REQUEST_STORAGE_COMMITMENT = 1;
  private static final String REPORT = CommandField.name(CommandField.N_EVENT_REPORT_RQ);
  private static final Duration GLANCE = Duration.ofMillis(100);

  /**
   * How long the association of the request stays open at most where there is a port: some peers
   * report on it at once, others report only after its release.
   */
  private static final Duration HELD_OPEN = Duration.ofSeconds(5);

  private final Connector connector;
  private final Watchdog watchdog;
  private final String transaction;
  private final CompletableFuture<DataSet> reported = new CompletableFuture<>();

  CommitScu(Connector connector, Watchdog watchdog) {
    this(connector, watchdog, CommitScu::transactionUid);
  }

  /**
   * @param transactions gives the UID of the transaction
   */
  CommitScu(Connector connector, Watchdog watchdog, Supplier<String> transactions) {
    this.connector = connector;
    this.watchdog = watchdog;
    this.transaction = transactions.get();
  }

  CommitOutcome commit(
      Peer peer,
      List<StoreOutcome> instances,
      Optional<ReceiveSettings> settings,
      Duration patience) {
    long end = System.nanoTime() + patience.toNanos();
    if (settings.isEmpty()) {
      ask(peer, instances, patience, true);
      return outcome(
          await(
              peer,
              "on the association of the request",
              patience,
              end,
              "Give a port on which it can report too (--commit-port)"));
    }
    try (Port port = Port.open(settings.get(), watchdog, Optional.empty(), this::answer)) {
      Duration half = patience.dividedBy(2);
      Duration open = half.compareTo(HELD_OPEN) < 0 ? half : HELD_OPEN;
      ask(peer, instances, open, false);
      DataSet result =
          await(
              peer,
              "to port %d".formatted(port.port()),
              patience,
              end,
              "Check that it knows our AE title, address and port");
      port.finish(peer.timeouts().release()); // the peer is to release before the port closes
      return outcome(result);
    }
  }

  /**
   * Sends the request, and listens on its association for a while.
   *
   * @param alone whether the report can come on this association alone
   */
  private void ask(Peer peer, List<StoreOutcome> instances, Duration open, boolean alone) {
    PresentationContext proposed =
        new PresentationContext(
            1,
            0,
            Uids.StorageCommitmentPushModel,
            List.of(Uids.ExplicitVRLittleEndian, Uids.ImplicitVRLittleEndian));
    try (Association association = connector.open(peer, Connector.Proposal.of(List.of(proposed)))) {
      request(association, instances);
      try {
        listen(association, open);
      } catch (NetworkException e) {
        if (alone) {
          throw e;
        }
        LOGGER.log(System.Logger.Level.WARNING, e.getMessage());
      }
    }
  }

  private void listen(Association association, Duration open) {
    long end = System.nanoTime() + open.toNanos();
    while (System.nanoTime() < end && (!reported.isDone() || association.hasMore())) {
      if (association.comes(GLANCE, REPORT)) {
        Message message = association.message(association.timeouts().response(), REPORT);
        if (message.field() != CommandField.N_EVENT_REPORT_RQ) {
          throw association.unexpected(message, REPORT);
        }
        answer(association, message);
      }
    }
    if (!association.hasMore()) { // else it is aborted: no release within a PDU
      association.release(message -> take(association, message));
    }
  }

  private DataSet await(Peer peer, String where, Duration patience, long end, String advice) {
    try {
      return reported.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw NetworkException.failed(
          peer,
          "no report on the storage commitment came %s within %s"
              .formatted(where, PduChannel.seconds(patience)),
          advice,
          e);
    } catch (InterruptedException | ExecutionException e) {
      Thread.currentThread().interrupt();
      throw NetworkException.failed(
          peer, "waiting for the storage commitment was interrupted", "Start again", e);
    }
  }

  private void request(Association association, List<StoreOutcome> instances) {
    Association.Context context =
        association.require(Uids.StorageCommitmentPushModel, "storage commitment");
    DataSet command =
        Message.command(CommandField.N_ACTION_RQ, true)
            .putInts(Tag.MessageID, Vr.US, association.nextMessageId())
            .putString(Tag.RequestedSOPClassUID, Vr.UI, Uids.StorageCommitmentPushModel)
            .putString(Tag.RequestedSOPInstanceUID, Vr.UI, Uids.StorageCommitmentPushModelInstance)
            .putInts(Tag.ActionTypeID, Vr.US, REQUEST_STORAGE_COMMITMENT);
    List<DataSet> items = new ArrayList<>();
    for (StoreOutcome instance : instances) {
      items.add(
          Message.putUid(
              Message.putUid(new DataSet(), Tag.ReferencedSOPClassUID, instance.sopClassUid()),
              Tag.ReferencedSOPInstanceUID,
              instance.sopInstanceUid()));
    }
    DataSet action =
        new DataSet()
            .putString(Tag.TransactionUID, Vr.UI, transaction)
            .putItems(Tag.ReferencedSOPSequence, items);
    association.send(context, command, action);
    Message response = response(association);
    association.dataSet(response);
    if (response.status() != Status.SUCCESS) {
      throw NetworkException.failed(
          association.peer(),
          "it answers %s%s to the storage commitment"
              .formatted(Status.describe(response.status()), response.comment()),
          "Look into its log");
    }
  }

  /** Waits for the answer to the request, and takes a report that comes before it. */
  private Message response(Association association) {
    int due = CommandField.N_ACTION_RQ | CommandField.RESPONSE;
    Duration patience = association.timeouts().response();
    Message message = association.message(patience, CommandField.name(due));
    while (message.field() == CommandField.N_EVENT_REPORT_RQ) {
      answer(association, message);
      message = association.message(patience, CommandField.name(due));
    }
    if (message.field() != due) {
      throw association.unexpected(message, CommandField.name(due));
    }
    return association.answering(message);
  }

  private void answer(Association association, Message report) {
    boolean ours = accept(association, association.dataSet(report));
    int status = ours ? Status.SUCCESS : Status.PROCESSING_FAILURE;
    association.send(report.contextId(), report.response(status, ""));
  }

  private void take(Association association, Message message) {
    if (message.field() == CommandField.N_EVENT_REPORT_RQ) {
      accept(association, association.dataSet(message));
    } else {
      association.skipDataSet(message);
    }
  }

  /** Keeps a report on our transaction; false where it is on another one. */
  private boolean accept(Association association, DataSet result) {
    String of = result.string(Tag.TransactionUID).orElse("");
    if (of.equals(transaction)) {
      reported.complete(result);
      return true;
    }
    LOGGER.log(
        System.Logger.Level.WARNING,
        "{0}: it reports on another storage commitment ({1})",
        association.peer(),
        of);
    return false;
  }

  private CommitOutcome outcome(DataSet result) {
    List<String> committed = new ArrayList<>();
    for (DataSet item : result.items(Tag.ReferencedSOPSequence)) {
      item.string(Tag.ReferencedSOPInstanceUID).ifPresent(committed::add);
    }
    Map<String, String> failed = new HashMap<>();
    for (DataSet item : result.items(Tag.FailedSOPSequence)) {
      String reason = Status.describe(item.integer(Tag.FailureReason).orElse(0x0110));
      item.string(Tag.ReferencedSOPInstanceUID).ifPresent(uid -> failed.put(uid, reason));
    }
    return new CommitOutcome(transaction, committed, failed);
  }

  /** Returns a new UID of a random UUID (PS3.5 annex B.2). */
  private static String transactionUid() {
    return "2.25." + new BigInteger(UUID.randomUUID().toString().replace("-", ""), 16);
  }
}
