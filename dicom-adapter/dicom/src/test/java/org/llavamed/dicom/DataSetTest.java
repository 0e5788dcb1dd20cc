package org.llavamed.dicom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.imaging.ImagingException;

final class DataSetTest {
  @Test
  void attributesAreSortedByUnsignedTag() {
    DataSet dataSet =
        new DataSet()
            .putInts(0xFFFD0010, Vr.US, 1)
            .putInts(Tag.Rows, Vr.US, 2)
            .putString(Tag.PatientName, Vr.PN, "A^B");
    assertThat(dataSet.tags()).containsExactly(Tag.PatientName, Tag.Rows, 0xFFFD0010);
  }

  @Test
  void numbersReadAsTextInTheirShortestForm() {
    DataSet dataSet =
        new DataSet()
            .putDoubles(Tag.RecommendedDisplayFrameRateInFloat, Vr.FL, 1.5, 2, 0.1)
            .putInts(Tag.SelectorATValue, Vr.AT, Tag.PixelData)
            .putInts(Tag.SelectorULValue, Vr.UL, 4294967295L)
            .putDoubles(Tag.SliceThickness, Vr.DS, 1.0 / 3, 2.0, 1e-20);
    assertThat(dataSet.strings(Tag.RecommendedDisplayFrameRateInFloat))
        .containsExactly("1.5", "2", "0.1");
    assertThat(dataSet.strings(Tag.SelectorATValue)).containsExactly("7FE00010");
    assertThat(dataSet.numbers(Tag.SelectorULValue)).containsExactly(4294967295.0);
    assertThat(dataSet.strings(Tag.SliceThickness))
        .containsExactly("0.33333333333333", "2", "1.0E-20");
  }

  @ParameterizedTest
  @CsvSource({
    "AE, THIS_IS_MUCH_TOO_LONG, 'has 21 characters, AE allows 16'",
    "CS, lower, 'is no valid CS'",
    "DA, 20240231x, 'DA allows 8'",
    "DA, 20241301, 'is no valid DA'",
    "DS, 1.2.3, 'is no valid DS'",
    "IS, 9999999999, 'is no valid IS'",
    "LO, 'a\\b', 'holds a backslash'",
    "PN, a=b=c=d, 'has 4 component groups'",
    "TM, 2460, 'is no valid TM'",
    "UI, 1.02.3, 'is no valid UI'",
  })
  void textThatBreaksTheRulesIsRefusedByName(Vr vr, String value, String found) {
    assertThatThrownBy(() -> new DataSet().putString(Tag.SeriesDescription, vr, value))
        .isInstanceOf(ImagingException.class)
        .hasMessageStartingWith("Series Description (0008,103E): '")
        .hasMessageContaining(found)
        .hasMessageEndingWith("Shorten or correct the value.");
  }

  @ParameterizedTest
  @CsvSource({
    "DA, 20240229", "TM, 235960", "TM, 120000.123456", "TM, 12", "DT, 20240229120000.1+0100",
    "DS, -1.5e-7", "IS, -2147483648", "UI, 2.25.0", "AS, 045Y", "CS, 'ISO_IR 192'",
  })
  void textWithinTheRulesIsTaken(Vr vr, String value) {
    assertThat(
            new DataSet()
                .putString(Tag.SeriesDescription, vr, value)
                .strings(Tag.SeriesDescription))
        .containsExactly(value);
  }

  @Test
  void numbersOutOfRangeAreRefused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new DataSet().putInts(Tag.Rows, Vr.US, 65536))
        .withMessage("65536 is out of the range of US, 0 to 65535");
  }

  @Test
  void copiesAreDeepAndEqual() {
    DataSet item = new DataSet().putString(Tag.CodeValue, Vr.SH, "1");
    DataSet source =
        new DataSet()
            .putItems(Tag.ConceptNameCodeSequence, item)
            .putString(Tag.PatientName, Vr.PN, "Müller^Jörg")
            .putEmpty(Tag.PatientID, Vr.LO);
    DataSet copy =
        new DataSet()
            .copyFrom(
                source, Tag.ConceptNameCodeSequence, Tag.PatientName, Tag.PatientID, Tag.Rows);
    assertThat(copy).isEqualTo(source).hasSameHashCodeAs(source);
    item.putString(Tag.CodeValue, Vr.SH, "2");
    assertThat(copy).isNotEqualTo(source);
    assertThat(copy.items(Tag.ConceptNameCodeSequence).get(0).string(Tag.CodeValue)).hasValue("1");
  }
}
