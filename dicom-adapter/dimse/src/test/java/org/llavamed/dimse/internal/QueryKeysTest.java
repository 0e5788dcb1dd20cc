package org.llavamed.dimse.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.network.NetworkException;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;

class QueryKeysTest {
  private static DataSet identifier(String... keysAndValues) {
    Map<String, String> keys = new LinkedHashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      keys.put(keysAndValues[i], keysAndValues[i + 1]);
    }
    return QueryKeys.identifier(new Query(QueryLevel.STUDY, false, keys));
  }

  @Test
  void aKeyByTagKeepsItsValueWhereTheKeywordAsksForItToBeReturned() {
    assertThat(identifier("0010,0020", "123", "PatientID", "").string(Tag.PatientID))
        .contains("123");
    assertThat(identifier("PatientID", "", "(0010,0020)", "123").string(Tag.PatientID))
        .contains("123");
  }

  @Test
  void twoValuesOfOneKeyAreNamed() {
    assertThatThrownBy(() -> identifier("0010,0020", "1", "PatientID", "2"))
        .isInstanceOf(NetworkException.class)
        .hasMessage("key PatientID: Patient ID (0010,0020) has a value already. Give it once.");
  }
}
