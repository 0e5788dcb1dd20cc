package org.llavamed.dimse.internal;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.llavamed.dicom.Uids;
import org.llavamed.imaging.FrameDecoder;
import org.llavamed.network.CommitOutcome;
import org.llavamed.network.DimseClient;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.Query;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceivedInstance;
import org.llavamed.network.RetrieveOutcome;
import org.llavamed.network.StoreOutcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicyOption;

/** Service class user of all services. */
@Component
public final class DimseUser implements DimseClient {
  private static final double NANOSECONDS = 1e6;

  private final Watchdog watchdog = new Watchdog();
  private final Connector connector = new Connector(watchdog);
  private final Transcoder transcoder;

  /**
   * Makes a user; connections are opened by each call.
   *
   * @param decoder of compressed frames, for peers that take uncompressed objects alone
   */
  @Activate
  public DimseUser(
      @Reference(
              cardinality = ReferenceCardinality.OPTIONAL,
              policyOption = ReferencePolicyOption.GREEDY)
          @Nullable FrameDecoder decoder) {
    this.transcoder = new Transcoder(decoder);
  }

  /** Makes a user that decodes nothing. */
  DimseUser() {
    this(null);
  }

  @Override
  public Echo echo(Peer peer) {
    long start = System.nanoTime();
    PresentationContext proposed =
        new PresentationContext(1, 0, Uids.Verification, List.of(Uids.ImplicitVRLittleEndian));
    try (Association association = connector.open(peer, Connector.Proposal.of(List.of(proposed)))) {
      Association.Context context = association.require(Uids.Verification, "verification");
      association.send(
          context.id(),
          Message.request(
              CommandField.C_ECHO_RQ, association.nextMessageId(), Uids.Verification, false));
      Message response = association.response(CommandField.C_ECHO_RQ);
      if (response.status() != Status.SUCCESS) {
        throw NetworkException.failed(
            peer,
            "it answers %s to C-ECHO".formatted(Status.describe(response.status())),
            "Look into its log");
      }
      double milliseconds = (System.nanoTime() - start) / NANOSECONDS;
      association.release();
      Associate.User user = association.remote().user();
      return new Echo(
          user.implementationClassUid(),
          user.implementationVersionName(),
          user.maxLength(),
          milliseconds);
    }
  }

  @Override
  public void store(Peer peer, List<Path> files, Consumer<StoreOutcome> each) {
    new StoreScu(connector, transcoder).store(peer, files, each);
  }

  @Override
  public boolean find(Peer peer, Query query, int most, Consumer<Match> each) {
    return new FindScu(connector).find(peer, query, most, each);
  }

  @Override
  public RetrieveOutcome get(
      Peer peer, Query query, ReceiveSettings settings, Consumer<ReceivedInstance> each) {
    return new RetrieveScu(connector).get(peer, query, settings, each);
  }

  @Override
  public RetrieveOutcome move(Peer peer, Query query, String destination) {
    return new RetrieveScu(connector).move(peer, query, destination);
  }

  @Override
  public CommitOutcome commit(
      Peer peer,
      List<StoreOutcome> instances,
      Optional<ReceiveSettings> settings,
      Duration patience) {
    return new CommitScu(connector, watchdog).commit(peer, instances, settings, patience);
  }
}
