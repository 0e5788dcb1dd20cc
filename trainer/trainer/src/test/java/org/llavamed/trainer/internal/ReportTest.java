package org.llavamed.trainer.internal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.learning.run.RunEvent.Evaluated;
import org.llavamed.learning.run.RunEvent.LeftOut;

class ReportTest {
  @TempDir Path folder;

  private static Report report() {
    return new Report(
        "run",
        "Finished.",
        Map.of("device", "cpu"),
        List.of(new LeftOut("no such picture", 2, List.of("<a>", "b"))),
        Map.of("train.json", "ab12"),
        "name: <run>\n");
  }

  private MetricsTable metrics() throws IOException {
    Path file = folder.resolve("metrics.csv");
    try (MetricsFile metrics = MetricsFile.open(file, 0)) {
      for (int i = 1; i <= 20; i++) {
        metrics.add(MetricsFileTest.step(i));
      }
      metrics.add(new Evaluated(20, 1.25, 0.75, 9));
    }
    return MetricsTable.read(file);
  }

  @Test
  void thePageHoldsEverythingAndLoadsNothing() throws IOException {
    String html = report().html(metrics());
    assertThat(html)
        .contains(
            ResearchMark.NOTICE,
            "Training of run",
            "<tr><th>device</th><td>cpu</td></tr>",
            "<tr><th>2</th><td>no such picture</td><td>&lt;a&gt;, b</td></tr>",
            "<tr><th>train.json</th><td>ab12</td></tr>",
            "name: &lt;run&gt;",
            "Loss</text>",
            "Learning rate</text>",
            "Speed (tokens/s)</text>")
        .doesNotContain("src=", "href=", "<script", "@import", "tower</text>");
  }

  @Test
  void thereAreNoCurvesBeforeTheFirstStep() throws IOException {
    String html = report().html(MetricsTable.read(folder.resolve("none")));
    assertThat(html).contains("Recipe").doesNotContain("<svg");
  }

  @Test
  void thePageIsThereOnceItIsWhole() throws IOException {
    Path page = folder.resolve("report.html");
    report().write(page, metrics());
    assertThat(Files.readString(page)).endsWith("</html>\n");
    assertThat(folder).isDirectoryNotContaining("glob:**unfinished*");
  }

  @Test
  void theFiguresAreThoseOfTheMetrics() throws IOException {
    assertThat(Report.figures(metrics()))
        .containsEntry("last loss", "0.1000")
        .containsEntry("time of all steps", "8 s")
        .containsEntry("mean of a step", "0.400 s")
        .containsEntry("best validation loss", "1.2500 at step 20");
  }
}
