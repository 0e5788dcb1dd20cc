package org.llavamed.command.internal;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.llavamed.network.Query;
import org.llavamed.network.QueryLevel;
import picocli.CommandLine.Option;

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

  /**
   * Returns the query.
   *
   * @param keys values by keyword or tag
   * @param more attributes that are returned too, by level
   */
  Query find(Map<String, String> keys, Map<QueryLevel, List<String>> more) {
    QueryLevel asked = Optional.ofNullable(level).orElseGet(() -> level(keys));
    Map<String, String> values = new LinkedHashMap<>(keys);
    more.getOrDefault(asked, List.of()).forEach(name -> values.putIfAbsent(name, ""));
    return query(asked, values);
  }

  /**
   * Returns what is fetched: of a patient all, where no study is named and the Patient Root model
   * is asked.
   *
   * @param keys values by keyword or tag
   */
  Query get(Map<String, String> keys) {
    boolean patient = patientRoot && !namesStudy(keys);
    QueryLevel usual = patient ? QueryLevel.PATIENT : level(keys);
    return query(Optional.ofNullable(level).orElse(usual), keys);
  }

  private Query query(QueryLevel asked, Map<String, String> keys) {
    return new Query(asked, patientRoot || asked == QueryLevel.PATIENT, keys);
  }

  /** Returns whether a Study Instance UID has a value. */
  static boolean namesStudy(Map<String, String> keys) {
    return hasValue(keys, "StudyInstanceUID", "0020000D");
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
                    && (key.getKey().equals(keyword) || key.getKey().equalsIgnoreCase(tag)));
  }
}
