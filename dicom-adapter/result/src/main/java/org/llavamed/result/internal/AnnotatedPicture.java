package org.llavamed.result.internal;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.imaging.Picture;

/**
 * A picture with what was said about it, all burned in: above it the research notice, white on a
 * black bar of its own so that it hides nothing and any picture leaves it legible; below it what
 * the header says, questions, answers and probabilities, and model and protocol.
 */
final class AnnotatedPicture {
  /** Height of the notice's bar, in pixels at text size 1. */
  static final int BAR = 32;

  private static final int MARGIN = 6;
  private static final int LINE = BitmapFont.HEIGHT + 2;
  private static final int LEAST_WIDTH = 512;
  private static final int WIDTH_PER_TEXT_SIZE = 768;
  private static final int MOST_LINES = 120;

  private final BitmapFont font;

  AnnotatedPicture(BitmapFont font) {
    this.font = font;
  }

  /** Returns the picture with all its text; as many channels as the picture that was read. */
  Picture of(Reading reading, Provenance provenance) {
    Picture picture = reading.rendered().picture();
    PictureScale scale = PictureScale.of(picture);
    int width = Math.max(LEAST_WIDTH, scale.width(picture));
    int size = Math.max(1, width / WIDTH_PER_TEXT_SIZE);
    int columns = (width - 2 * MARGIN * size) / (BitmapFont.WIDTH * size);
    List<String> lines = lines(reading, provenance, columns);
    int top = BAR * size;
    int panel = top + scale.height(picture);
    int height = panel + (2 * MARGIN + lines.size() * LINE) * size;
    Canvas canvas = new Canvas(font, width, height, picture.channels());
    int noticeWidth = ResearchMark.NOTICE.length() * BitmapFont.WIDTH * size;
    canvas.write(ResearchMark.NOTICE, (width - noticeWidth) / 2, MARGIN * size, size);
    canvas.draw(picture, scale, (width - scale.width(picture)) / 2, top);
    for (int i = 0; i < lines.size(); i++) {
      canvas.write(lines.get(i), MARGIN * size, panel + (MARGIN + i * LINE) * size, size);
    }
    return canvas.picture();
  }

  private static List<String> lines(Reading reading, Provenance provenance, int columns) {
    List<String> lines = new ArrayList<>(BitmapFont.wrap(Words.header(reading), columns));
    for (Finding finding : reading.findings()) {
      lines.addAll(BitmapFont.wrap("Q: " + Words.line(finding.question().text()), columns));
      lines.addAll(
          BitmapFont.wrap(
              "A: %s (%s %%, not calibrated)"
                  .formatted(
                      Words.line(Words.answer(finding.answer())),
                      Words.percent(finding.answer().probability())),
              columns));
    }
    lines.addAll(BitmapFont.wrap(provenance.sentence(), columns));
    if (lines.size() <= MOST_LINES) {
      return lines;
    }
    List<String> first = new ArrayList<>(lines.subList(0, MOST_LINES - 1));
    first.add("... (cut; the report has the rest)");
    return first;
  }
}
