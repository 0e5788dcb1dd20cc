package org.llavamed.dicomweb.internal;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.function.DoubleSupplier;

/**
 * Waits between attempts: what the peer asks for by Retry-After, otherwise half a second, doubled
 * with each attempt up to 30 s, of which up to a half is left out by chance.
 *
 * @param clock the time now
 * @param jitter a number from 0 to 1, by chance
 * @param sleeper waits
 */
record Pauses(InstantSource clock, DoubleSupplier jitter, Sleeper sleeper) {
  /** The longest pause that a peer may ask for. */
  static final Duration LONGEST = Duration.ofMinutes(2);

  private static final long FIRST_MILLIS = 500;
  private static final long MOST_MILLIS = 30_000;

  /** Lets the thread wait. */
  @FunctionalInterface
  interface Sleeper {
    /** Waits. */
    void sleep(Duration time) throws InterruptedException;
  }

  /** Returns how long to wait after an attempt, from 1. */
  Duration after(int attempt) {
    long most = Math.min(MOST_MILLIS, FIRST_MILLIS << Math.min(attempt - 1, 16));
    return Duration.ofMillis((long) (most * (1 - jitter.getAsDouble() / 2)));
  }

  /** Returns what Retry-After asks for: seconds or a date; empty where it is missing or neither. */
  Optional<Duration> asked(Optional<String> retryAfter) {
    String text = retryAfter.map(String::strip).orElse("");
    if (text.matches("[0-9]{1,9}")) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(text)));
    }
    try {
      Instant date = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      Duration left = Duration.between(clock.instant(), date);
      return Optional.of(left.isNegative() ? Duration.ZERO : left);
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }
}
