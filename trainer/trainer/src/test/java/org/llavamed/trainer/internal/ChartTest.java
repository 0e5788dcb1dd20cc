package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.StringReader;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.llavamed.trainer.internal.Chart.Curve;
import org.llavamed.trainer.internal.Chart.Point;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.xml.sax.InputSource;

class ChartTest {
  @ParameterizedTest
  @CsvSource({
    "0, 10, '0 2 4 6 8 10'",
    "1, 2000, '500 1000 1500 2000'",
    "0.13, 0.9, '0.2 0.4 0.6 0.8'",
    "0, 2e-5, '0 0.000005 0.00001 0.000015 0.00002'",
    "0, 3e-8, '0 1E-8 2E-8 3E-8'",
    "-3, 3, '-2 0 2'",
    "10000.1, 10000.3, '10000.1 10000.15 10000.2 10000.25 10000.3'",
    "0, 123456, '0 50000 100000'",
    "7, 7, '4 6 8 10'",
    "0, 0, '-0.4 -0.2 0 0.2 0.4'"
  })
  void anAxisIsLabelledWithRoundNumbers(double least, double most, String labels) {
    var axis = new Axis(least, most, 0, 100);
    assertThat(axis.ticks().stream().map(axis::label).toList())
        .containsExactly(labels.split(" ", -1));
  }

  @Test
  void theEndsOfTheValuesLieAtTheEndsOfTheAxis() {
    var axis = new Axis(2, 4, 100, 20);
    assertThat(axis.place(2)).isEqualTo(100);
    assertThat(axis.place(3)).isEqualTo(60);
    assertThat(axis.place(4)).isEqualTo(20);
  }

  @Test
  void curvesGoThroughTheirPoints() throws Exception {
    var chart =
        new Chart(
            "Loss <nats> & \"more\"",
            false,
            List.of(
                new Curve(
                    "a", List.of(new Point(0, 4), new Point(5, Double.NaN), new Point(10, 0))),
                new Curve("b", List.of(new Point(5, 2))),
                new Curve("none", List.of())));
    Document svg = parse(chart.svg());
    var line = (Element) svg.getElementsByTagName("polyline").item(0);
    assertThat(svg.getElementsByTagName("polyline").getLength()).isEqualTo(1);
    assertThat(line.getAttribute("points")).isEqualTo("64.0,34.0 628.0,224.0");
    var point = (Element) svg.getElementsByTagName("circle").item(0);
    assertThat(point.getAttribute("cx")).isEqualTo("346.0");
    assertThat(point.getAttribute("cy")).isEqualTo("129.0");
    assertThat(svg.getDocumentElement().getTextContent())
        .contains("Loss <nats> & \"more\"", "a", "b")
        .doesNotContain("none");
  }

  @Test
  void ofManyPointsNeighboursAreAveraged() {
    List<Point> points = IntStream.range(0, 5000).mapToObj(i -> new Point(i, i % 2)).toList();
    List<Point> thinned = Chart.thinned(points);
    assertThat(thinned).hasSize(500).allMatch(point -> Math.abs(point.y() - 0.5) < 1e-9);
    assertThat(thinned.get(1).x()).isCloseTo(14.5, within(1e-9));
    assertThat(Chart.thinned(points.subList(0, 500))).hasSize(500).contains(new Point(1, 1));
  }

  @Test
  void anAxisFromZeroShowsHowLittleChanges() throws Exception {
    var curve = new Curve("a", List.of(new Point(0, 100), new Point(10, 95)));
    var line =
        (Element)
            parse(new Chart("x", true, List.of(curve)).svg())
                .getElementsByTagName("polyline")
                .item(0);
    assertThat(line.getAttribute("points")).isEqualTo("64.0,34.0 628.0,43.5");
  }

  @Test
  void aChartOfNothingIsEmpty() {
    var nothing = new Curve("a", List.of(new Point(1, Double.POSITIVE_INFINITY)));
    assertThat(new Chart("x", false, List.of(nothing)).isEmpty()).isTrue();
  }

  private static Document parse(String svg) throws Exception {
    return DocumentBuilderFactory.newInstance()
        .newDocumentBuilder()
        .parse(new InputSource(new StringReader(svg)));
  }
}
