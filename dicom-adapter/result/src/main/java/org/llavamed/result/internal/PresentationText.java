package org.llavamed.result.internal;

import java.util.ArrayList;
import java.util.List;
import org.llavamed.annotation.Annotation.Finding;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.annotation.ResearchMark;
import org.llavamed.dicom.BitmapFont;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/**
 * The text over one picture, as items of Text Object Sequence (0070,0008): the notice along the
 * upper edge, questions and answers from the lower edge up. Boxes are fractions of the displayed
 * area.
 */
final class PresentationText {
  /** Most characters of Unformatted Text Value (0070,0006). */
  private static final int MOST = 1024;

  /** Most characters of a line: what its box is wide enough for at the height of its lines. */
  private static final int COLUMNS = 60;

  private static final double LEFT = 0.02;
  private static final double RIGHT = 0.98;
  private static final double LINE = 0.035;
  private static final double NOTICE_END = 0.08;

  private PresentationText() {}

  /** Returns the items of a picture. */
  static List<DataSet> of(Reading reading, Provenance provenance) {
    List<String> texts = texts(reading, provenance);
    int lines = texts.stream().mapToInt(text -> (int) text.lines().count()).sum();
    double height = Math.min(LINE, (RIGHT - NOTICE_END) / lines);
    double top = RIGHT - lines * height;
    List<DataSet> items = new ArrayList<>();
    items.add(item(ResearchMark.NOTICE, LEFT, NOTICE_END, "CENTER"));
    for (String text : texts) {
      double bottom = top + text.lines().count() * height;
      items.add(item(text, top, bottom, "LEFT"));
      top = bottom;
    }
    return items;
  }

  /** Lines of few words, as many to a text as it holds. */
  private static List<String> texts(Reading reading, Provenance provenance) {
    List<String> lines = new ArrayList<>();
    for (Finding finding : reading.findings()) {
      lines.add("Q: " + Words.line(finding.question().text()));
      lines.add(
          "A: %s (%s %%, not calibrated)"
              .formatted(
                  Words.line(Words.answer(finding.answer())),
                  Words.percent(finding.answer().probability())));
    }
    lines.add(provenance.sentence());
    List<String> texts = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      for (String part : BitmapFont.wrap(line, COLUMNS)) {
        if (!text.isEmpty() && text.length() + 2 + part.length() > MOST) {
          texts.add(text.toString());
          text.setLength(0);
        }
        text.append(text.isEmpty() ? "" : "\r\n").append(part);
      }
    }
    texts.add(text.toString());
    return texts;
  }

  private static DataSet item(String text, double top, double bottom, String justification) {
    return new DataSet()
        .putString(Tag.BoundingBoxAnnotationUnits, Vr.CS, "DISPLAY")
        .putString(Tag.UnformattedTextValue, Vr.ST, text)
        .putDoubles(Tag.BoundingBoxTopLeftHandCorner, Vr.FL, LEFT, top)
        .putDoubles(Tag.BoundingBoxBottomRightHandCorner, Vr.FL, RIGHT, bottom)
        .putString(Tag.BoundingBoxTextHorizontalJustification, Vr.CS, justification);
  }
}
