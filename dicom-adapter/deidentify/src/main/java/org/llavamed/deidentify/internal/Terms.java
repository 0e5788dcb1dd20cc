package org.llavamed.deidentify.internal;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/**
 * Keeps values: numbers, dates and terms of the standard. One that has not the form of its value
 * representation, or that names somebody, is replaced; the others of the same attribute stay.
 */
record Terms(Words words) {
  /** Decimal and integer strings; too many digits are common and do no harm. */
  private static final Pattern NUMBER =
      Pattern.compile(" *[+-]?(?:[0-9]++(?:\\.[0-9]*+)?|\\.[0-9]++)(?:[eE][+-]?[0-9]{1,4})? *");

  /** Dates and times, in the forms of older editions too. */
  private static final Pattern MOMENT = Pattern.compile("[0-9.:+ -]{0,26}");

  private static final Pattern SHORT_TERM = Pattern.compile("[A-Z]{2,3}");

  /** Terms whose loss makes the object another one; a name of so few letters may be like one. */
  private static final Set<Integer> ESSENTIAL =
      Set.of(Tag.Modality, Tag.ModalitiesInStudy, Tag.PhotometricInterpretation);

  /** Terms that hold content together and are words as well. */
  private static final Set<String> STRUCTURE =
      Set.of(
          "TEXT",
          "CODE",
          "NUM",
          "DATE",
          "TIME",
          "IMAGE",
          "TABLE",
          "CONTAINER",
          "CONTAINS",
          "SEPARATE",
          "POINT",
          "CIRCLE",
          "PIXEL",
          "DISPLAY",
          "LEFT",
          "RIGHT",
          "CENTER");

  /** Copies an attribute that is no sequence. */
  void keep(Attribute attribute) {
    int tag = attribute.tag();
    Vr vr = Representations.found(attribute.source(), tag);
    List<String> values = vr.isText() && !vr.isCodedText() ? attribute.strings() : List.of();
    if (values.stream().allMatch(value -> isHarmless(tag, vr, value))) {
      attribute.keep();
      return;
    }
    List<String> kept =
        values.stream().map(value -> isHarmless(tag, vr, value) ? value : dummy(vr)).toList();
    attribute
        .target()
        .putBytes(tag, vr, String.join("\\", kept).getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Returns what stands for a value; a number that is none has no likeness but an empty one. */
  private static String dummy(Vr vr) {
    return switch (vr) {
      case AE, CS -> Dummies.TEXT;
      case AS -> "000D";
      case UR -> "about:blank";
      default -> "";
    };
  }

  private boolean isHarmless(int tag, Vr vr, String value) {
    if (value.isEmpty()) {
      return true;
    }
    return switch (vr) {
      case CS -> isTerm(tag, value);
      case AE, UR -> vr.problem(value).isEmpty() && !words.names(value);
      case DS, IS -> hasForm(vr, value) && !words.isNumber(value);
      default -> hasForm(vr, value);
    };
  }

  private boolean isTerm(int tag, String value) {
    if ((ESSENTIAL.contains(tag) && SHORT_TERM.matcher(value).matches())
        || (Structure.keeps(tag, Vr.CS) && STRUCTURE.contains(value))) {
      return true;
    }
    boolean form = hasForm(Vr.CS, value) || words.clean(value).equals(value);
    return form && !words.names(value);
  }

  /** Returns whether a value has the form of its value representation, or one as harmless. */
  static boolean hasForm(Vr vr, String value) {
    return switch (vr) {
      case DS, IS -> value.isEmpty() || NUMBER.matcher(value).matches();
      case DA, TM, DT -> MOMENT.matcher(value).matches();
      default -> vr.problem(value).isEmpty();
    };
  }
}
