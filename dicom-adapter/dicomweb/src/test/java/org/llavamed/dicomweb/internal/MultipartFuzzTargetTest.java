package org.llavamed.dicomweb.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.contract.FuzzTargetContract;
import org.llavamed.fuzz.FuzzTarget;

class MultipartFuzzTargetTest extends FuzzTargetContract {
  private final MultipartFuzzTarget target = new MultipartFuzzTarget();

  @Override
  protected List<FuzzTarget> targets() {
    return List.of(target);
  }

  private String take(String input) {
    return target.take(input.getBytes(StandardCharsets.ISO_8859_1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''|the input: the multipart answer's boundary is '', expected",
        "multipart/related; boundary=b\\n--b\\r\\n\\r\\nx|the multipart answer ends within part 1",
        "multipart/related; boundary=b\\n--b\\r\\n\\r\\n\\r\\n--bx|the input: the boundary after part 1"
      })
  void whatIsDamagedIsNamed(String input, String message) {
    assertThat(take(input.replace("\\r", "\r").replace("\\n", "\n"))).startsWith(message);
  }
}
