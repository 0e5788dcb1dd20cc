package org.llavamed.command.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import picocli.CommandLine;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that say what is looked for. */
final class QueryOptions {
  @Option(
      names = "--level",
      description = "What is looked for: ${COMPLETION-CANDIDATES} (default: by the unique keys).")
  private @Nullable QueryLevel level;

  @Option(
      names = "--patient-root",
      description = "Ask the Patient Root model, not the Study Root model.")
  private boolean patientRoot;

  /** What the commands say of their keys. */
  static final String KEYS =
      "Keys by keyword or tag, for example PatientID=123, StudyDate=20260101-20260131,"
          + " 0008,0061=CT.";

  /**
   * Returns the query.
   *
   * @param keys each KEY=VALUE
   * @param more attributes that are returned too, by level
   * @throws ParameterException if a key has no value
   */
  Query query(CommandLine line, List<String> keys, Map<QueryLevel, List<String>> more) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String key : keys) {
      int equals = key.indexOf('=');
      if (equals < 1) {
        throw new ParameterException(
            line, "'%s' is no KEY=VALUE, for example PatientID=123".formatted(key));
      }
      values.put(key.substring(0, equals), key.substring(equals + 1));
    }
    QueryLevel asked = Optional.ofNullable(level).orElseGet(() -> level(values));
    more.getOrDefault(asked, List.of()).forEach(name -> values.putIfAbsent(name, ""));
    return new Query(asked, patientRoot || asked == QueryLevel.PATIENT, values);
  }

  /** Returns the level of the lowest unique key that has a value. */
  private static QueryLevel level(Map<String, String> keys) {
    if (hasValue(keys, "SOPInstanceUID", "00080018")) {
      return QueryLevel.IMAGE;
    }
    return hasValue(keys, "SeriesInstanceUID", "0020000E") ? QueryLevel.SERIES : QueryLevel.STUDY;
  }

  private static boolean hasValue(Map<String, String> keys, String keyword, String tag) {
    return keys.entrySet().stream()
        .anyMatch(
            key ->
                !key.getValue().isEmpty()
                    && (key.getKey().equals(keyword)
                        || key.getKey().replaceAll("[(),]", "").equalsIgnoreCase(tag)));
  }
}
