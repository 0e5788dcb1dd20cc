package org.llavamed.dicom;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** The lengths and repertoires that PS3.5 table 6.2-1 allows for one value of text. */
final class TextRules {
  private static final Pattern AGE = Pattern.compile("[0-9]{3}[DWMY]");
  private static final Pattern CODE = Pattern.compile("[A-Z0-9_ ]*");
  private static final Pattern DATE =
      Pattern.compile("[0-9]{4}(0[1-9]|1[0-2])(0[1-9]|[12][0-9]|3[01])");
  private static final Pattern TIME =
      Pattern.compile("([01][0-9]|2[0-3])([0-5][0-9]([0-5][0-9]|60)?)?(\\.[0-9]{1,6})? *");
  private static final Pattern DATE_TIME =
      Pattern.compile(
          "[0-9]{4}((0[1-9]|1[0-2])((0[1-9]|[12][0-9]|3[01])(([01][0-9]|2[0-3])([0-5][0-9]"
              + "(([0-5][0-9]|60)(\\.[0-9]{1,6})?)?)?)?)?)?([+-][0-9]{4})? *");
  private static final Pattern DECIMAL =
      Pattern.compile(" *[+-]?([0-9]+(\\.[0-9]*)?|\\.[0-9]+)([eE][+-]?[0-9]+)? *");
  private static final Pattern INTEGER = Pattern.compile(" *[+-]?[0-9]+ *");
  private static final Pattern UID = Pattern.compile("(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*))*");

  private TextRules() {}

  static Optional<String> problem(Vr vr, int limit, String value) {
    if (value.isEmpty()) {
      return Optional.empty();
    }
    return switch (vr) {
      case PN -> name(limit, value);
      case LT, ST, UT -> text(vr, limit, value);
      default ->
          vr.isMultiValued() && value.indexOf('\\') >= 0
              ? Optional.of("%s holds a backslash, which separates values".formatted(quote(value)))
              : text(vr, limit, value).or(() -> form(vr, value));
    };
  }

  private static Optional<String> text(Vr vr, int limit, String value) {
    int length = value.codePointCount(0, value.length());
    if (limit > 0 && length > limit) {
      return Optional.of(
          "%s has %d characters, %s allows %d".formatted(quote(value), length, vr, limit));
    }
    boolean lines = vr == Vr.LT || vr == Vr.ST || vr == Vr.UT;
    return value.chars().anyMatch(c -> c < ' ' && !(lines && "\t\n\f\r".indexOf(c) >= 0))
        ? Optional.of("%s holds a control character".formatted(quote(value)))
        : Optional.empty();
  }

  private static Optional<String> name(int limit, String value) {
    List<String> groups = List.of(value.split("=", -1));
    if (groups.size() > 3) {
      return Optional.of(
          "%s has %d component groups, PN allows 3".formatted(quote(value), groups.size()));
    }
    return groups.stream()
        .map(
            group ->
                group.indexOf('\\') >= 0
                    ? Optional.of(
                        "%s holds a backslash, which separates values".formatted(quote(value)))
                    : text(Vr.PN, limit, group))
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static Optional<String> form(Vr vr, String value) {
    boolean right =
        switch (vr) {
          case AS -> AGE.matcher(value).matches();
          case CS -> CODE.matcher(value).matches();
          case DA -> DATE.matcher(value).matches();
          case TM -> isTime(value);
          case DT -> DATE_TIME.matcher(value).matches();
          case DS -> DECIMAL.matcher(value).matches();
          case IS -> INTEGER.matcher(value).matches() && isInt(value.strip());
          case UI -> UID.matcher(value).matches();
          case AE, UR -> value.chars().allMatch(c -> c < 0x7F);
          default -> true;
        };
    return right ? Optional.empty() : Optional.of("%s is no valid %s".formatted(quote(value), vr));
  }

  private static boolean isTime(String value) {
    return TIME.matcher(value).matches() && (value.indexOf('.') < 0 || value.indexOf('.') == 6);
  }

  private static boolean isInt(String value) {
    long number = Long.parseLong(value);
    return number >= Integer.MIN_VALUE && number <= Integer.MAX_VALUE;
  }

  private static String quote(String value) {
    return "'" + (value.length() > 40 ? value.substring(0, 40) + "..." : value) + "'";
  }
}
