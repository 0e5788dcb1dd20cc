package org.llavamed.result.internal;

import java.time.Clock;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.llavamed.dicom.DataSet;
import org.llavamed.dicom.Tag;
import org.llavamed.dicom.Vr;

/** The time at which objects are written, where the configuration asks for it. */
final class Moment {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuuMMdd", Locale.ROOT);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HHmmss", Locale.ROOT);

  private Moment() {}

  /**
   * Dates an object by a clock: its content, or presentation, and its creation. The series keeps
   * the date of its source, since later runs add to it. Times are of the zone that the object
   * states in Timezone Offset From UTC (0008,0201), else of the clock's.
   */
  static void put(DataSet object, Clock clock) {
    LocalDateTime now = LocalDateTime.ofInstant(clock.instant(), zone(object, clock));
    boolean presentation = object.contains(Tag.PresentationCreationDate);
    object
        .putString(
            presentation ? Tag.PresentationCreationDate : Tag.ContentDate, Vr.DA, DATE.format(now))
        .putString(
            presentation ? Tag.PresentationCreationTime : Tag.ContentTime, Vr.TM, TIME.format(now))
        .putString(Tag.InstanceCreationDate, Vr.DA, DATE.format(now))
        .putString(Tag.InstanceCreationTime, Vr.TM, TIME.format(now));
  }

  private static ZoneId zone(DataSet object, Clock clock) {
    String offset = object.string(Tag.TimezoneOffsetFromUTC).orElse("");
    try {
      return offset.isBlank() ? clock.getZone() : ZoneOffset.of(offset.strip());
    } catch (DateTimeException e) {
      return clock.getZone(); // no offset that exists: it says nothing of the other times either
    }
  }
}
