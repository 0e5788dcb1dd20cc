package org.llavamed.dimse.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.llavamed.dicom.Uids;
import org.llavamed.network.DimseClient;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Peer;
import org.llavamed.network.StoreOutcome;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Service class user of all services. */
@Component
public final class DimseUser implements DimseClient {
  private static final double NANOSECONDS = 1e6;

  private final Connector connector = new Connector(new Watchdog());
  private final Transcoder transcoder = new Transcoder();

  /** Makes a user; connections are opened by each call. */
  @Activate
  public DimseUser() {}

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
}
