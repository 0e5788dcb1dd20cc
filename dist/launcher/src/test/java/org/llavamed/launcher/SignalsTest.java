package org.llavamed.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class SignalsTest {
  private final Signals signals = new Signals();

  @AfterEach
  void forgetTheInterrupt() {
    signals.leave();
  }

  @Test
  void aSignalInterruptsTheCommandAndSetsTheCode() {
    signals.enter();
    signals.received(130);
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
    assertThat(signals.code()).isEqualTo(130);
  }

  @Test
  void aSignalBeforeTheCommandInterruptsItAtItsStart() {
    signals.received(143);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    signals.enter();
    assertThat(Thread.currentThread().isInterrupted()).isTrue();
  }

  @Test
  void afterTheCommandTheThreadIsNotInterrupted() {
    signals.enter();
    signals.received(130);
    signals.leave();
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
    assertThat(signals.code()).isEqualTo(130);
  }

  @Test
  void withoutASignalThereIsNoCode() {
    assertThat(signals.code()).isZero();
  }
}
