package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** events.py beside events.golden made it with TensorBoard's own code. */
class EventFileTest {
  private static final Clock CLOCK =
      Clock.fixed(Instant.ofEpochSecond(1767323045, 250_000_000), ZoneOffset.UTC);

  @TempDir Path folder;

  @Test
  void theBytesAreThoseThatTensorBoardItselfWrites() throws IOException {
    try (EventFile events = EventFile.create(folder, 300, CLOCK)) {
      events.scalars(301, Map.of("loss/training", 1.5));
      var values = new LinkedHashMap<String, Double>();
      values.put("loss/training", 0.1);
      values.put("rate/décodeur", -2e-5);
      events.scalars(302, values);
    }
    assertThat(Files.readAllBytes(files().get(0))).isEqualTo(golden());
  }

  @Test
  void eachSessionHasAFileAndALaterOneALaterName() throws IOException {
    EventFile.create(folder, 0, CLOCK).close();
    EventFile.create(folder, 5, CLOCK).close();
    assertThat(files())
        .extracting(file -> file.getFileName().toString())
        .containsExactly(
            "events.out.tfevents.1767323045.llavamed", "events.out.tfevents.1767323046.llavamed");
  }

  @Test
  void anEventIsInTheFileAsSoonAsItIsWritten() throws IOException {
    try (EventFile events = EventFile.create(folder, 0, CLOCK)) {
      long before = Files.size(files().get(0));
      events.scalars(1, Map.of("a", 1.0));
      assertThat(Files.size(files().get(0))).isGreaterThan(before);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  private static byte[] golden() throws IOException {
    try (InputStream in = EventFileTest.class.getResourceAsStream("events.golden")) {
      return Objects.requireNonNull(in).readAllBytes();
    }
  }
}
