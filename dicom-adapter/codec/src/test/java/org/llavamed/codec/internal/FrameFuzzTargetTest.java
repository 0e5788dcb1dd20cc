package org.llavamed.codec.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.llavamed.contract.FuzzTargetContract;
import org.llavamed.fuzz.FuzzTarget;

class FrameFuzzTargetTest extends FuzzTargetContract {
  @Override
  protected List<FuzzTarget> targets() {
    return FrameFuzzTarget.all();
  }

  @Test
  void everyFamilyOfFramesHasATarget() {
    assertThat(targets())
        .extracting(FuzzTarget::name)
        .containsExactlyInAnyOrder("jpeg", "jpeg-lossless", "jpeg-ls", "jpeg-2000", "rle");
  }

  @Test
  void aDamagedFrameIsNamed() {
    for (FuzzTarget target : targets()) {
      assertThat(target.take(new byte[] {0, 1})).as(target.name()).isNotEmpty();
    }
  }
}
