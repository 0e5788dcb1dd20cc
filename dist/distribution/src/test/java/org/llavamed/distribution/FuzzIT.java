package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.distribution.Product.Outcome;
import org.llavamed.distribution.Product.Running;

/**
 * Gives damaged inputs to everything that reads bytes from outside, in a small heap: a few seconds
 * each, a minute where CI is set.
 */
class FuzzIT {
  /** Three processes at a time, each of which has to end within the minutes of {@link Product}. */
  private static final List<List<String>> TARGETS =
      List.of(
          List.of("part10", "jpeg", "pdu"),
          List.of("jpeg-ls", "rle", "json"),
          List.of("jpeg-lossless", "jpeg-2000", "multipart"));

  @TempDir Path folder;

  @Test
  void damagedInputsGiveNamedErrorsSoonAndInBoundedMemory() throws IOException {
    String seconds = System.getProperty("fuzz.seconds", "5");
    var running = new ArrayList<Running>();
    for (List<String> targets : TARGETS) {
      running.add(start(targets, seconds));
    }
    for (int i = 0; i < TARGETS.size(); i++) {
      Outcome outcome = Product.finish(running.get(i));
      assertThat(outcome.code()).as(outcome.out() + outcome.err()).isZero();
      for (JsonNode target : new JsonMapper().readTree(outcome.out()).path("targets")) {
        assertThat(target.path("inputs").asInt()).as(target.toString()).isGreaterThan(100);
        assertThat(target.path("taken").asInt()).as(target.toString()).isPositive();
        assertThat(target.path("outcomes").asInt()).as(target.toString()).isGreaterThan(3);
      }
    }
  }

  @Test
  void everyTargetOfTheProductIsTried() {
    Outcome outcome = Product.run(folder, "bench", "fuzz", "--target", "none");
    assertThat(outcome.err())
        .contains("expected one of " + TARGETS.stream().flatMap(List::stream).sorted().toList());
  }

  private Running start(List<String> targets, String seconds) {
    var command =
        new ArrayList<>(
            List.of(
                Product.home().resolve("bin/llavamed").toString(),
                "bench",
                "fuzz",
                "--seconds",
                seconds,
                "--faults",
                Product.home().resolveSibling("fuzz-faults").toString()));
    targets.forEach(target -> command.addAll(List.of("--target", target)));
    return Product.startProgram(folder, command, Map.of("LLAVAMED_JAVA_OPTS", "-Xmx256m"));
  }
}
