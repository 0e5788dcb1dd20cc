package org.llavamed.itest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.test.common.annotation.InjectBundleContext;
import org.osgi.test.junit5.context.BundleContextExtension;

/** The framework with the bundles that ship. */
@ExtendWith(BundleContextExtension.class)
public final class FrameworkTest {
  @InjectBundleContext BundleContext context;

  @Test
  public void everyBundleIsActive() {
    assertThat(Arrays.stream(context.getBundles()).filter(FrameworkTest::isNoFragment))
        .extracting(bundle -> bundle.getSymbolicName() + " " + bundle.getState())
        .hasSizeGreaterThan(15)
        .allMatch(line -> line.endsWith(" " + Bundle.ACTIVE));
  }

  private static boolean isNoFragment(Bundle bundle) {
    return bundle.getHeaders().get("Fragment-Host") == null;
  }
}
