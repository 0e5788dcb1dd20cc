package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
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
}
