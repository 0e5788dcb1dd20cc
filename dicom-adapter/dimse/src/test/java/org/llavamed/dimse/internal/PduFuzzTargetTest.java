package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.llavamed.dimse.internal.PduFuzzRequestor.Service;

class PduFuzzTargetTest {
  private static final byte[] REJECTION = {3, 0, 0, 0, 0, 4, 0, 1, 1, 7};
  private static final int ACCEPTANCE_OF_ANY_LENGTH = 6;

  private final PduFuzzTarget target = new PduFuzzTarget();

  private static byte[] answered(Service service, byte[] sent) {
    return ByteBuffer.allocate(1 + sent.length)
        .put((byte) (1 + List.of(Service.values()).indexOf(service)))
        .put(sent)
        .array();
  }

  @Test
  void itsSeedsAreSoundOnBothSides() {
    assertThat(target.seeds())
        .hasSize(2 + Service.values().length)
        .allSatisfy(seed -> assertThat(target.take(seed)).isEmpty());
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

  @Test
  void theLengthOfAnAcceptanceIsCheckedBeforeItIsRead() {
    byte[] sent = new byte[ACCEPTANCE_OF_ANY_LENGTH];
    ByteBuffer.wrap(sent).put((byte) 2).put((byte) 0).putInt(-1);
    for (Service service : List.of(Service.values())) {
      assertThat(target.take(answered(service, sent)))
          .contains("PDU type 02 of 4294967295 bytes answers the association request");
    }
  }
}
