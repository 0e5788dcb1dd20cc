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

/** Asks a peer to take the responsibility for objects (PS3.4 annex J), as service class user. */
final class CommitScu {
  private static final int REQUEST_STORAGE_COMMITMENT = 1;

  private final Connector connector;
  private final Watchdog watchdog;
  private final Supplier<String> transactions;

  CommitScu(Connector connector, Watchdog watchdog) {
    this(connector, watchdog, CommitScu::transactionUid);
  }

  /**
   * @param transactions gives the UID of each new transaction
   */
  CommitScu(Connector connector, Watchdog watchdog, Supplier<String> transactions) {
    this.connector = connector;
    this.watchdog = watchdog;
    this.transactions = transactions;
  }

  CommitOutcome commit(
      Peer peer,
      List<StoreOutcome> instances,
      Optional<ReceiveSettings> settings,
      Duration patience) {
    String transaction = transactions.get();
    if (settings.isEmpty()) {
      try (Association association = request(peer, transaction, instances)) {
        Message report = association.message(patience, "N-EVENT-REPORT-RQ");
        if (report.field() != CommandField.N_EVENT_REPORT_RQ) {
          throw association.unexpected(report, "N-EVENT-REPORT-RQ");
        }
        DataSet result = answer(association, report);
        association.release();
        return outcome(peer, transaction, result);
      }
    }
    CompletableFuture<DataSet> reported = new CompletableFuture<>();
    try (Port port =
        Port.open(
            settings.get(),
            watchdog,
            Optional.empty(),
            (association, report) -> {
              DataSet result = answer(association, report);
              if (result.string(Tag.TransactionUID).orElse("").equals(transaction)) {
                reported.complete(result);
              }
            })) {
      try (Association association = request(peer, transaction, instances)) {
        association.release();
      }
      DataSet result = await(peer, port, reported, patience);
      port.finish(peer.timeouts().release()); // the peer is to release before the port closes
      return outcome(peer, transaction, result);
    }
  }

  private static DataSet await(
      Peer peer, Port port, CompletableFuture<DataSet> reported, Duration patience) {
    try {
      return reported.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw NetworkException.failed(
          peer,
          "no report on the storage commitment came to port %d within %d s"
              .formatted(port.port(), patience.toSeconds()),
          "Check that it knows our AE title, address and port",
          e);
    } catch (InterruptedException | ExecutionException e) {
      Thread.currentThread().interrupt();
      throw NetworkException.failed(
          peer, "waiting for the storage commitment was interrupted", "Start again", e);
    }
  }

  private Association request(Peer peer, String transaction, List<StoreOutcome> instances) {
    PresentationContext proposed =
        new PresentationContext(
            1,
            0,
            Uids.StorageCommitmentPushModel,
            List.of(Uids.ExplicitVRLittleEndian, Uids.ImplicitVRLittleEndian));
    Association association = connector.open(peer, Connector.Proposal.of(List.of(proposed)));
    boolean done = false;
    try {
      request(association, transaction, instances);
      done = true;
      return association;
    } finally {
      if (!done) {
        association.close();
      }
    }
  }

  private static void request(
      Association association, String transaction, List<StoreOutcome> instances) {
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
    Message response = association.response(CommandField.N_ACTION_RQ);
    association.dataSet(response);
    if (response.status() != Status.SUCCESS) {
      throw NetworkException.failed(
          association.peer(),
          "it answers %s%s to the storage commitment"
              .formatted(Status.describe(response.status()), response.comment()),
          "Look into its log");
    }
  }

  /** Answers a report and returns what it says. */
  private static DataSet answer(Association association, Message report) {
    DataSet result = association.dataSet(report);
    association.send(report.contextId(), report.response(Status.SUCCESS, ""));
    return result;
  }

  private static CommitOutcome outcome(Peer peer, String transaction, DataSet result) {
    if (!result.string(Tag.TransactionUID).orElse("").equals(transaction)) {
      throw NetworkException.failed(
          peer, "it reports on another storage commitment", "Ask again, by 'send --commit'");
    }
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
