package org.llavamed.codec.internal;

import java.util.List;
import org.llavamed.fuzz.FuzzTarget;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/** Offers the decoders to be tried with damaged frames. */
@Component(
    service = {},
    immediate = true)
public final class FrameFuzzTargets {
  private final List<ServiceRegistration<FuzzTarget>> registrations;

  /** Registers a service for each family of compressed frames. */
  @Activate
  public FrameFuzzTargets(BundleContext context) {
    registrations =
        FrameFuzzTarget.all().stream()
            .map(target -> context.registerService(FuzzTarget.class, target, null))
            .toList();
  }

  /** Takes them back. */
  @Deactivate
  void stop() {
    registrations.forEach(ServiceRegistration::unregister);
  }
}
