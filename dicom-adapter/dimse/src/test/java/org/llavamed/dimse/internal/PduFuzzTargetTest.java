package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.contract.FuzzTargetContract;
import org.llavamed.dimse.internal.PduFuzzRequestor.Service;
import org.llavamed.fuzz.FuzzTarget;

class PduFuzzTargetTest extends FuzzTargetContract {
  private static final byte[] REJECTION = {3, 0, 0, 0, 0, 4, 0, 1, 1, 7};

  private final PduFuzzTarget target = new PduFuzzTarget();

  private static byte[] answered(Service service, byte[] sent) {
    return ByteBuffer.allocate(1 + sent.length)
        .put((byte) (1 + List.of(Service.values()).indexOf(service)))
        .put(sent)
        .array();
  }

  @Override
  protected List<FuzzTarget> targets() {
    return List.of(target);
  }

  @Test
  void bothSidesAreTried() {
    assertThat(target.seeds()).hasSize(2 + Service.values().length);
  }

  @ParameterizedTest
  @EnumSource(Service.class)
  void aRejectionIsNamedWhateverWasAskedFor(Service service) {
    assertThat(target.take(answered(service, REJECTION)))
        .contains("PEER at localhost:104", "rejects the association of OURS");
  }

  @ParameterizedTest
  @EnumSource(Service.class)
  void anAnswerThatIsCutOffAnywhereIsNamed(Service service) {
    byte[] whole = new PduFuzzRequestor(new Watchdog()).answer(service);
    for (int length = 0; length < whole.length; length += 7) {
      byte[] cut = ByteBuffer.allocate(length).put(whole, 0, length).array();
      assertThat(target.take(answered(service, cut))).as("%d bytes", length).isNotEmpty();
    }
  }

  @Test
  void anInputWithoutAByteIsNamed() {
    assertThat(target.take(new byte[0])).isEqualTo("an input without a byte");
  }
}
