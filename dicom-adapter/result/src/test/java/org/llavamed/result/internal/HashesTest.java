package org.llavamed.result.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import org.junit.jupiter.api.Test;

final class HashesTest {
  @Test
  void hashesAreSha256() {
    assertThat(Hashes.sha256(""))
        .isEqualTo("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  }

  @Test
  void uidsAreUuidsOfVersion8Under225() {
    for (int i = 0; i < 1000; i++) {
      String uid = Hashes.uid("test", Integer.toString(i));
      BigInteger uuid = new BigInteger(uid.substring("2.25.".length()));

      assertThat(UidForm.problem(uid)).isEmpty();
      assertThat(uuid.shiftRight(76).intValue() & 0xF).isEqualTo(8);
      assertThat(uuid.shiftRight(62).intValue() & 3).isEqualTo(2);
    }
  }

  @Test
  void partsAreKeptApart() {
    assertThat(Hashes.uid("a", "b"))
        .isEqualTo(Hashes.uid("a", "b"))
        .isNotEqualTo(Hashes.uid("ab"))
        .isNotEqualTo(Hashes.uid("b", "a"));
  }

  @Test
  void rootsThatDoNotExistAreNoUids() {
    assertThat(UidForm.problem("1.2.840.10008.1.1")).isEmpty();
    assertThat(UidForm.problem("2.25.1")).isEmpty();
    assertThat(UidForm.problem("3.1")).contains("'3.1' has a root that does not exist");
    assertThat(UidForm.problem("1.40.1")).isPresent();
    assertThat(UidForm.problem("1.02")).isPresent();
  }
}
