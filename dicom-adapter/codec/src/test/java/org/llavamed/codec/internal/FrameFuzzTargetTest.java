package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.llavamed.fuzz.FuzzTarget;

class FrameFuzzTargetTest {
  @Test
  void everyFamilyBeginsWithSoundFrames() {
    assertThat(FrameFuzzTarget.all())
        .hasSize(5)
        .allSatisfy(
            target -> {
              assertThat(target.seeds()).isNotEmpty();
              assertThat(target.seeds()).allMatch(seed -> target.take(seed).isEmpty());
            });
  }

  @Test
  void aDamagedFrameIsNamed() {
    for (FuzzTarget target : FrameFuzzTarget.all()) {
      assertThat(target.take(new byte[] {0, 1})).as(target.name()).isNotEmpty();
    }
  }

  @Test
  @Timeout(value = 60, unit = TimeUnit.SECONDS)
  void twoBytesOfOnesInJpeg2000DataAreNamedInsteadOfReadForEver() {
    FuzzTarget target =
        FrameFuzzTarget.all().stream()
            .filter(one -> one.name().equals("jpeg-2000"))
            .findFirst()
            .orElseThrow();
    byte[] input = target.seeds().get(0);
    int data = 0;
    while ((input[data] & 0xFF) != 0xFF || (input[data + 1] & 0xFF) != 0x93) {
      data++;
    }
    input[data + 40] = (byte) 0xFF;
    input[data + 41] = (byte) 0xFF;
    assertThat(target.take(input)).contains("The JPEG 2000 data has the bytes FFFF at byte");
  }
}
