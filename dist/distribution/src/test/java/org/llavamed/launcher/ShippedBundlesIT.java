package org.llavamed.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

final class ShippedBundlesIT {
  @TempDir Path storage;

  @Test
  void everyBundleIsActiveAndEveryComponentHasWhatItNeeds() throws Exception {
    Home home = new Home(Path.of(System.getProperty("dist.home", "target")));
    try (Host host = Host.start(home, storage)) {
      assertThat(StartReport.problems(host)).isEmpty();
      assertThat(host.bundles())
          .hasSizeGreaterThan(20)
          .allSatisfy(
              bundle ->
                  assertThat(bundle.getState())
                      .as(bundle.getSymbolicName())
                      .isEqualTo(Bundle.ACTIVE));
      assertThat(host.commandLine(Duration.ofSeconds(5))).isNotNull();
    }
  }
}
