package org.llavamed.distribution;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import javax.imageio.ImageIO;
import org.llavamed.distribution.Product.Outcome;

/** A study in the OHIF viewer, as look.mjs opened it: what was seen of each series, in order. */
record OhifViewer(List<Seen> series) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * What was seen of a series.
   *
   * @param number Series Number
   * @param text all text of the page, with single spaces
   * @param alive whether the viewer still lists all series
   * @param pane the viewport
   */
  record Seen(int number, String text, boolean alive, BufferedImage pane) {
    GreyImage grey() {
      return GreyImage.of(pane);
    }
  }

  /**
   * Opens a study and shows its series.
   *
   * @param port the viewer's
   * @param pictures folder for the pictures of the page
   * @param order Series Numbers
   */
  static OhifViewer look(Npm npm, int port, String study, Path pictures, List<Integer> order)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("node", "look.mjs", "http://127.0.0.1:" + port, study, pictures.toString()));
    order.forEach(number -> command.add(Integer.toString(number)));
    Outcome outcome = npm.run(command.toArray(String[]::new));
    assertThat(outcome.code()).as(outcome.err()).isZero();
    JsonNode report = JSON.readTree(outcome.out());
    System.out.println("OHIF in Chromium " + report.path("chromium").asText());
    List<Seen> series = new ArrayList<>();
    for (JsonNode one : report.path("seen")) {
      series.add(seen(one));
    }
    return new OhifViewer(List.copyOf(series));
  }

  private static Seen seen(JsonNode series) throws IOException {
    BufferedImage page = ImageIO.read(Path.of(series.path("picture").asText()).toFile());
    JsonNode box = series.path("viewport");
    return new Seen(
        series.path("number").asInt(),
        series.path("text").asText().replaceAll("\\s+", " "),
        series.path("alive").asBoolean(),
        page.getSubimage(
            box.path("x").asInt(),
            box.path("y").asInt(),
            box.path("width").asInt(),
            box.path("height").asInt()));
  }

  /** Returns what was seen of a series when it was shown first. */
  Seen first(int number) {
    return series.stream().filter(is(number)).findFirst().orElseThrow();
  }

  /** Returns what was seen of a series when it was shown last. */
  Seen last(int number) {
    return series.stream().filter(is(number)).reduce((one, next) -> next).orElseThrow();
  }

  private static Predicate<Seen> is(int number) {
    return seen -> seen.number() == number;
  }
}
