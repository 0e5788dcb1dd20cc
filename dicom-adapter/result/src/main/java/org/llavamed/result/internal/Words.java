package org.llavamed.result.internal;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import org.llavamed.annotation.Annotation.Reading;
import org.llavamed.dicom.Tag;
import org.llavamed.imaging.Attributes;
import org.llavamed.inference.Answer;

/** The words of our documents, made of what models, protocols and headers say. */
final class Words {
  private static final String CUT = "...";

  private Words() {}

  /** Returns a text on one line: control characters and line breaks become blanks. */
  static String line(String text) {
    return text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
  }

  /** Returns a text whose line breaks are kept and whose other control characters are blanks. */
  static String lines(String text) {
    return text.replaceAll("\\R", "\n").replaceAll("[\\p{Cntrl}&&[^\n]]", " ").strip();
  }

  /**
   * Returns a line that an attribute of type LO or SH can hold: without backslashes, which separate
   * values there, and at a word's end no longer than allowed.
   *
   * @param most characters, at least 8
   */
  static String shorten(String line, int most) {
    String text = line.replace('\\', '/');
    if (text.length() <= most) {
      return text;
    }
    int end = most - CUT.length();
    int word = text.lastIndexOf(' ', end);
    if (word > end / 2) {
      end = word;
    }
    if (Character.isHighSurrogate(text.charAt(end - 1))) {
      end--;
    }
    return text.substring(0, end).strip() + CUT;
  }

  /** Returns a probability in percent with one decimal, for example {@code 93.1}. */
  static String percent(double probability) {
    return BigDecimal.valueOf(probability)
        .movePointRight(2)
        .setScale(1, RoundingMode.HALF_EVEN)
        .toPlainString();
  }

  /** Returns what was answered; a few words where that is nothing, since no item may be empty. */
  static String said(Answer answer) {
    String text = lines(answer.text());
    return text.isEmpty() ? "(no text)" : text;
  }

  /** Returns what was answered, and where it is not whole, that it is not. */
  static String answer(Answer answer) {
    String said = said(answer);
    return switch (answer.stop()) {
      case END_OF_SEQUENCE, STOP_TEXT, CHOICE -> said;
      case MAX_NEW_TOKENS -> said + " (cut off: the most tokens allowed were written)";
      case CONTEXT_FULL -> said + " (cut off: the model's context is full)";
    };
  }

  /** Returns what the header says of a picture: modality, body part, series, image and frame. */
  static String header(Reading reading) {
    Attributes attributes = reading.object().attributes();
    List<String> parts = new ArrayList<>();
    parts.add("Modality " + attributes.string(Tag.Modality).orElse("not stated"));
    parts.add("body part " + attributes.string(Tag.BodyPartExamined).orElse("not stated"));
    parts.add(
        "series "
            + attributes.string(Tag.SeriesNumber).orElse("without number")
            + attributes.string(Tag.SeriesDescription).map(text -> " (" + text + ")").orElse(""));
    parts.add("image " + attributes.string(Tag.InstanceNumber).orElse("without number"));
    if (reading.frames() > 1) {
      parts.add("frame %d of %d".formatted(reading.frame() + 1, reading.frames()));
    }
    return line(String.join(", ", parts));
  }
}
