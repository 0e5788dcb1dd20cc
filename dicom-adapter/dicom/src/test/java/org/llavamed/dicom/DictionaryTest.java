package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class DictionaryTest {
  @ParameterizedTest
  @CsvSource({
    "00100010, PN", "7FE00010, OW", "60023000, OW", "60FE0010, US", "00280120, US", "00283006, US",
    "00090010, LO", "00091001, UN", "00080000, UL", "00090000, UL", "0008FFFF, UN", "60030010, LO",
    "00209999, UN",
  })
  void everyTagHasAValueRepresentation(String tag, Vr vr) {
    assertThat(Dictionary.vr(Integer.parseUnsignedInt(tag, 16))).isEqualTo(vr);
  }

  @Test
  void entriesAreFoundByTagAndKeyword() {
    assertThat(Dictionary.byKeyword("PatientName").orElseThrow())
        .isEqualTo(
            new Dictionary.Entry(
                Tag.PatientName,
                Vr.PN,
                List.of(Vr.PN),
                "1",
                "PatientName",
                "Patient's Name",
                false,
                false));
    assertThat(Dictionary.entry(Tag.PixelPaddingValue).orElseThrow().signDependent()).isTrue();
    assertThat(Dictionary.entry(Tag.LUTData).orElseThrow().vrs()).containsExactly(Vr.US, Vr.OW);
    assertThat(Dictionary.entry(0x60023000).orElseThrow().vrs()).containsExactly(Vr.OB, Vr.OW);
    assertThat(Dictionary.entry(0x60021500).orElseThrow().keyword()).isEqualTo("OverlayLabel");
    assertThat(Dictionary.entry(0x60021500).orElseThrow().tag()).isEqualTo(0x60021500);
    assertThat(Dictionary.entry(0x00091001)).isEmpty();
    assertThat(Dictionary.byKeyword("NoSuchThing")).isEmpty();
  }

  @Test
  void identifiersHaveNames() {
    assertThat(Dictionary.uid(Uids.Comprehensive3DSRStorage).orElseThrow().name())
        .isEqualTo("Comprehensive 3D SR Storage");
    assertThat(Dictionary.uid(Uids.HTJ2K).orElseThrow().type()).isEqualTo("Transfer Syntax");
    assertThat(Dictionary.uid("1.2.3")).isEmpty();
  }

  @Test
  void tagsAreDescribedForPeople() {
    assertThat(Dictionary.describe(Tag.SeriesDescription))
        .isEqualTo("Series Description (0008,103E)");
    assertThat(Dictionary.describe(0x00091001)).isEqualTo("(0009,1001)");
  }
}
