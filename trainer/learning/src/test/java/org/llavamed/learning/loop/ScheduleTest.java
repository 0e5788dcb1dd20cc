package org.llavamed.learning.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.junit.jupiter.api.Test;

final class ScheduleTest {
  @Test
  void ratesAreThoseOfTransformers() throws IOException {
    try (InputStream in = ScheduleTest.class.getResourceAsStream("schedule.json")) {
      JsonNode runs = new ObjectMapper().readTree(Objects.requireNonNull(in));
      assertThat(runs).hasSize(6);
      for (JsonNode run : runs) {
        Schedule schedule = Schedule.of(run.get("steps").asLong(), run.get("warmup").asDouble());
        for (int done = 0; done < schedule.steps(); done++) {
          assertThat(schedule.share(done))
              .as("%s after %d steps", schedule, done)
              .isCloseTo(run.get("rates").get(done).asDouble(), within(1e-12));
        }
      }
    }
  }

  @Test
  void aScheduleWithoutStepsIsRefused() {
    assertThatThrownBy(() -> new Schedule(0, 0))
        .hasMessage("A schedule has 0 steps, 0 of them rising, expected 1 or more, and 0 to all");
  }
}
