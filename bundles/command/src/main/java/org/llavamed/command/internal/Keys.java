package org.llavamed.command.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.llavamed.imaging.ObjectListing;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Attributes that the command line names. */
final class Keys {
  /** What the commands say of their keys. */
  static final String DESCRIPTION =
      "Keys by keyword or tag, for example PatientID=123, StudyDate=20260101-20260131,"
          + " 0008,0061=CT.";

  private Keys() {}

  /**
   * Returns values by name, in their order.
   *
   * @param keys each KEY=VALUE
   * @throws ParameterException if one has another form, names no attribute, or stands there twice
   */
  static Map<String, String> of(CommandLine line, ObjectListing listing, List<String> keys) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String key : keys) {
      int equals = key.indexOf('=');
      if (equals < 1) {
        throw new ParameterException(
            line, "'%s' is no KEY=VALUE, for example PatientID=123".formatted(key));
      }
      String name = name(line, listing, key.substring(0, equals));
      if (values.putIfAbsent(name, key.substring(equals + 1)) != null) {
        throw new ParameterException(line, "The key %s is given twice".formatted(name));
      }
    }
    return values;
  }

  /**
   * As {@link #of}, for DIMSE, which has no keys within sequences here.
   *
   * @throws ParameterException as there, and for a name with dots
   */
  static Map<String, String> ofTopLevel(
      CommandLine line, ObjectListing listing, List<String> keys) {
    Map<String, String> values = of(line, listing, keys);
    for (String name : values.keySet()) {
      if (name.contains(".")) {
        throw new ParameterException(
            line,
            "'%s' leads into a sequence, which C-FIND is not asked here. Name the sequence without a value to have it returned"
                .formatted(name));
      }
    }
    return values;
  }

  /**
   * Returns the name of an attribute: keyword, or tag of eight digits.
   *
   * @throws ParameterException if it names no attribute
   */
  static String name(CommandLine line, ObjectListing listing, String name) {
    try {
      listing.checkSelector(name);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(
          line, e.getMessage() + ". Write it as StudyDate or 0008,0020", e);
    }
    return name.replaceAll("[(),]", "");
  }
}
