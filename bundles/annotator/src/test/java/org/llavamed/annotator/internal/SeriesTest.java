package org.llavamed.annotator.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SeriesTest {
  private static List<String> order(Header... headers) {
    return new Series(Stream.of(headers).map(Header::instance).toList())
        .instances().stream().map(Instance::sopUid).toList();
  }

  @Test
  void parallelSlicesGoByPositionAlongTheirNormalWhateverTheirNumbers() {
    assertThat(
            order(
                Header.of("top").number(1).height(50),
                Header.of("bottom").number(2).height(-12.5),
                Header.of("middle").number(3).height(7)))
        .containsExactly("bottom", "middle", "top");
  }

  @Test
  void positionIsProjectedOnTheNormalOfObliqueSlices() {
    // Sagittal slices: the normal points along x, so y and z must not matter.
    String sagittal = "0\\1\\0\\0\\0\\-1";
    assertThat(
            order(
                Header.of("a").plane(sagittal, "5\\-900\\900").number(1),
                Header.of("b").plane(sagittal, "-5\\900\\-900").number(2),
                Header.of("c").plane(sagittal, "0\\0\\0").number(3)))
        .containsExactly("a", "c", "b");
  }

  @Test
  void slicesAtOnePositionGoByNumberThenByUid() {
    assertThat(
            order(
                Header.of("9").height(1).number(2),
                Header.of("7").height(1).number(1),
                Header.of("8").height(1).number(1)))
        .containsExactly("7", "8", "9");
  }

  @Test
  void slicesThatAreNotParallelGoByNumber() {
    assertThat(
            order(
                Header.of("a").height(0).number(2),
                Header.of("b").plane("0\\1\\0\\0\\0\\-1", "90\\0\\0").number(1),
                Header.of("c").height(-5).number(3)))
        .containsExactly("b", "a", "c");
  }

  @Test
  void oneSliceWithoutPositionMakesTheNumberDecide() {
    assertThat(
            order(
                Header.of("a").height(9).number(1),
                Header.of("b").height(3).number(2),
                Header.of("c").number(3)))
        .containsExactly("a", "b", "c");
  }

  @Test
  void objectsWithoutNumberComeLastByUid() {
    assertThat(order(Header.of("y"), Header.of("x"), Header.of("z").number(4)))
        .containsExactly("z", "x", "y");
  }

  @Test
  void anOrientationThatIsNoPlaneIsNoPosition() {
    assertThat(Header.of("a").plane("1\\0\\0\\1\\0\\0", "1\\2\\3").instance().slice()).isEmpty();
    assertThat(Header.of("a").plane("1\\0\\0\\0\\1", "1\\2\\3").instance().slice()).isEmpty();
    assertThat(Header.of("a").plane("NaN\\0\\0\\0\\1\\0", "1\\2\\3").instance().slice()).isEmpty();
    assertThat(Header.of("a").plane("1\\0\\0\\0\\1\\0", "1\\2\\Infinity").instance().slice())
        .isEmpty();
    assertThat(Header.of("a").height(3).instance().slice().orElseThrow().position()).isEqualTo(3);
  }

  @Test
  void studiesKeepTheOrderOfTheInputAndSeriesGoByNumber() {
    List<Study> studies =
        Study.group(
            Stream.of(
                    Header.of("1").study("s2").series("b").set(Tags.SERIES_NUMBER, "10"),
                    Header.of("2").study("s1").series("c"),
                    Header.of("3").study("s2").series("a").set(Tags.SERIES_NUMBER, "9"),
                    Header.of("4").study("s2").series("d"),
                    Header.of("5").study("s2").series("b").set(Tags.SERIES_NUMBER, "10"))
                .map(Header::instance)
                .toList());
    assertThat(studies).extracting(Study::uid).containsExactly("s2", "s1");
    assertThat(studies.get(0).series())
        .extracting(series -> series.first().seriesUid())
        .containsExactly("a", "b", "d");
    assertThat(studies.get(0).series().get(1).instances()).hasSize(2);
  }
}
