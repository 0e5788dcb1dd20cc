package org.llavamed.dimse.internal;

import java.util.Optional;
import java.util.function.Consumer;
import org.llavamed.network.DimseReceiver;
import org.llavamed.network.ReceiveSettings;
import org.llavamed.network.ReceivedInstance;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** Service class provider of verification and storage. */
@Component
public final class DimseProvider implements DimseReceiver {
  private final Watchdog watchdog = new Watchdog();

  /** Makes a provider; ports are opened by each call. */
  @Activate
  public DimseProvider() {}

  @Override
  public Reception open(ReceiveSettings settings, Consumer<ReceivedInstance> each) {
    StoreScp store = new StoreScp(new InstanceStore(settings.folder()), settings.limits(), each);
    return Port.open(
        settings,
        watchdog,
        Optional.of(store),
        (association, report) -> {
          association.skipDataSet(report);
          association.send(
              report.contextId(), report.response(Status.NO_SUCH_SOP_INSTANCE, "not asked for"));
        });
  }
}
