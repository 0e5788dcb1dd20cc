package org.llavamed.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

final class HostTest {
  @TempDir Path home;
  @TempDir Path storage;

  @Test
  void theCommandLineOfABundleIsCalledWithTheArguments() throws Exception {
    TestBundles.writeEcho(home);
    try (Host host = Host.start(new Home(home), storage)) {
      ToIntFunction<String[]> commandLine = host.commandLine(Duration.ofSeconds(5));
      assertThat(commandLine).isNotNull();
      assertThat(commandLine.applyAsInt(new String[] {"a", "b c"})).isEqualTo(2);
    }
  }

  @Test
  void bundlesAreReadWhereTheyLie() throws Exception {
    TestBundles.writeEcho(home);
    try (Host host = Host.start(new Home(home), storage)) {
      assertThat(host.bundles()).hasSize(2).allMatch(b -> b.getState() == Bundle.ACTIVE);
      try (var files = Files.walk(storage)) {
        assertThat(files.filter(file -> file.toString().endsWith(".jar"))).isEmpty();
      }
    }
  }

  @Test
  void aBundleThatLacksAPackageIsNamedWithThePackage() throws Exception {
    TestBundles.writeEcho(home);
    TestBundles.write(home, "broken", Map.of("Import-Package", "no.such.place"));
    try (Host host = Host.start(new Home(home), storage)) {
      assertThat(StartReport.problems(host))
          .anySatisfy(
              problem ->
                  assertThat(problem)
                      .startsWith("bundle broken does not start: ")
                      .contains("no.such.place"));
      assertThat(host.commandLine(Duration.ofSeconds(5))).isNotNull();
    }
  }

  @Test
  void theReasonWhyAComponentFailedIsThatOfTheInnermostException() {
    String trace =
        """
        java.lang.reflect.InvocationTargetException
        \tat one
        Caused by: java.lang.IllegalArgumentException: frames is 0, expected 1 or more
        \tat two
        \t... 3 more
        """;
    assertThat(StartReport.rootCause(trace)).isEqualTo("frames is 0, expected 1 or more");
    assertThat(StartReport.rootCause("")).isEqualTo("no reason given");
  }

  @Test
  void aProblemThatFollowsFromAnotherIsToldOnlyWhereTheOtherIsNotKnown() {
    String cause = "component a does not start: frames is 0";
    String consequence = "component b does not start: Unable to get service for reference $000";
    assertThat(StartReport.causes(List.of(consequence, cause))).containsExactly(cause);
    assertThat(StartReport.causes(List.of(consequence))).containsExactly(consequence);
    assertThat(StartReport.causes(List.of())).isEmpty();
  }

  @Test
  void aMissingCommandLineIsNoCommandLine() throws Exception {
    TestBundles.write(home, "nothing", Map.of());
    try (Host host = Host.start(new Home(home), storage)) {
      assertThat(host.commandLine(Duration.ofMillis(50))).isNull();
      assertThat(StartReport.problems(host))
          .containsExactly(
              "the component runtime (org.apache.felix.scr) is missing from the bundles");
    }
  }

  @Test
  void aFolderWithoutBundlesIsNoDistribution() {
    String before = System.getProperty(Home.PROPERTY);
    System.setProperty(Home.PROPERTY, home.toString());
    try {
      assertThatThrownBy(Home::locate)
          .isInstanceOf(LaunchException.class)
          .hasMessage(
              "%s is no distribution of LLaVA-Med for DICOM: it has no folder 'bundles'. Start bin/llavamed of a whole distribution folder."
                  .formatted(home));
    } finally {
      if (before == null) {
        System.clearProperty(Home.PROPERTY);
      } else {
        System.setProperty(Home.PROPERTY, before);
      }
    }
  }
}
