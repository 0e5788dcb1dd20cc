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

  @Option(
      names = "--relational",
      description = "Have the peer do without unique keys above the level; fail where it cannot.")
  private boolean relational;

  /**
   * Returns the query.
   *
   * @param keys values by keyword or tag
   * @param more attributes that are returned too, by level
   */
  Query find(Map<String, String> keys, Map<QueryLevel, List<String>> more) {
    QueryLevel asked =
        Optional.ofNullable(level).orElseGet(() -> lowest(keys).orElse(QueryLevel.STUDY));
    Map<String, String> values = new LinkedHashMap<>(keys);
    more.getOrDefault(asked, List.of()).forEach(name -> values.putIfAbsent(name, ""));
    return query(asked, values);
  }

  /**
   * Returns what is fetched: of a patient all, where nothing lower is named and the Patient Root
   * model is asked.
   *
   * @param keys values by keyword or tag
   */
  Query get(Map<String, String> keys) {
    boolean patient = patientRoot && hasValue(keys, "PatientID", "00100020");
    QueryLevel usual = lowest(keys).orElse(patient ? QueryLevel.PATIENT : QueryLevel.STUDY);
    return query(Optional.ofNullable(level).orElse(usual), keys);
  }

  private Query query(QueryLevel asked, Map<String, String> keys) {
    return new Query(asked, patientRoot || asked == QueryLevel.PATIENT, relational, keys);
  }

  /** Returns whether a Study Instance UID has a value. */
  static boolean namesStudy(Map<String, String> keys) {
    return hasValue(keys, "StudyInstanceUID", "0020000D");
  }

  /** Returns the level of the lowest unique key below the patient's that has a value. */
  private static Optional<QueryLevel> lowest(Map<String, String> keys) {
    if (hasValue(keys, "SOPInstanceUID", "00080018")) {
      return Optional.of(QueryLevel.IMAGE);
    }
    if (hasValue(keys, "SeriesInstanceUID", "0020000E")) {
      return Optional.of(QueryLevel.SERIES);
    }
    return namesStudy(keys) ? Optional.of(QueryLevel.STUDY) : Optional.empty();
  }

  private static boolean hasValue(Map<String, String> keys, String keyword, String tag) {
    return keys.entrySet().stream()
        .anyMatch(
            key ->
                !key.getValue().isEmpty()
                    && (key.getKey().equals(keyword) || key.getKey().equalsIgnoreCase(tag)));
  }
}
