package org.llavamed.deidentify.internal;

import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Moves dates into the past by whole days; times of day and offsets from UTC stay. */
final class Dates {
  private static final DateTimeFormatter BASIC = DateTimeFormatter.BASIC_ISO_DATE;
  private static final Pattern DATE = Pattern.compile("([0-9]{4})\\.?([0-9]{2})\\.?([0-9]{2})");
  private static final Pattern DATE_TIME =
      Pattern.compile("([0-9]{8})([0-9]{0,6}(?:\\.[0-9]{1,6})?(?:[+-][0-9]{4})?)");

  private Dates() {}

  /** Returns a DA value moved; empty where it is no date. */
  static Optional<String> date(String value, int days) {
    Matcher date = DATE.matcher(value);
    if (!date.matches()) {
      return Optional.empty();
    }
    try {
      LocalDate day =
          LocalDate.of(
              Integer.parseInt(date.group(1)),
              Integer.parseInt(date.group(2)),
              Integer.parseInt(date.group(3)));
      LocalDate moved = day.minusDays(days);
      return moved.getYear() < 1 ? Optional.empty() : Optional.of(moved.format(BASIC));
    } catch (DateTimeException noSuchDay) {
      return Optional.empty();
    }
  }

  /** Returns a DT value moved; empty where it is none or is less exact than a day. */
  static Optional<String> dateTime(String value, int days) {
    Matcher matcher = DATE_TIME.matcher(value);
    return matcher.matches()
        ? date(matcher.group(1), days).map(day -> day + matcher.group(2))
        : Optional.empty();
  }
}
