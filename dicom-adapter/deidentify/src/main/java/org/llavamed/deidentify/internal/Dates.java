package org.llavamed.deidentify.internal;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.llavamed.dicom.Vr;

/** Moves dates into the past by whole days; times of day and offsets from UTC stay. */
final class Dates {
  private static final DateTimeFormatter BASIC = DateTimeFormatter.BASIC_ISO_DATE;
  private static final Pattern DATE = Pattern.compile("([0-9]{4})\\.?([0-9]{2})\\.?([0-9]{2})");
  private static final Pattern DATE_TIME =
      Pattern.compile("([0-9]{8})([0-9]{0,6}(?:\\.[0-9]{1,6})?(?:[+-][0-9]{4})?)");

  private Dates() {}

  /** Returns a DA value moved; empty where it is no date. */
  static Optional<String> date(String value, int days) {
    return DATE.matcher(value).matches()
        ? day(value)
            .map(day -> day.minusDays(days))
            .filter(day -> day.getYear() > 0)
            .map(day -> day.format(BASIC))
        : Optional.empty();
  }

  /** Returns the day at the beginning of a DA or DT value; empty where there is none. */
  static Optional<LocalDate> day(String value) {
    Matcher date = DATE.matcher(value);
    if (!date.lookingAt()) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          LocalDate.of(
              Integer.parseInt(date.group(1)),
              Integer.parseInt(date.group(2)),
              Integer.parseInt(date.group(3))));
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  /** Returns a DA, TM or DT value moved; empty where it is none, an empty one as it is. */
  static Optional<String> moved(Vr vr, String value, int days) {
    if (value.isEmpty()) {
      return Optional.of(value);
    }
    return switch (vr) {
      case DA -> date(value, days);
      case DT -> dateTime(value, days);
      default -> Optional.of(value).filter(time -> Vr.TM.problem(time).isEmpty());
    };
  }

  /** Returns a DT value moved; empty where it is none or is less exact than a day. */
  static Optional<String> dateTime(String value, int days) {
    Matcher matcher = DATE_TIME.matcher(value);
    return matcher.matches()
        ? date(matcher.group(1), days).map(day -> day + matcher.group(2))
        : Optional.empty();
  }
}
