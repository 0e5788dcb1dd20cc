package org.llavamed.annotator.internal;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A study of the input.
 *
 * @param uid Study Instance UID
 * @param series at least one, by Series Number
 */
record Study(String uid, List<Series> series) {
  /** Groups objects by their UIDs. Studies keep the order in which their first object came. */
  static List<Study> group(Collection<Instance> instances) {
    Map<String, Map<String, List<Instance>>> studies = new LinkedHashMap<>();
    for (Instance instance : instances) {
      studies
          .computeIfAbsent(instance.studyUid(), uid -> new LinkedHashMap<>())
          .computeIfAbsent(instance.seriesUid(), uid -> new ArrayList<>())
          .add(instance);
    }
    return studies.entrySet().stream()
        .map(study -> new Study(study.getKey(), sorted(study.getValue().values())))
        .toList();
  }

  /** Returns the study in words. */
  String label() {
    return series.get(0).first().studyLabel();
  }

  private static List<Series> sorted(Collection<List<Instance>> series) {
    return series.stream().map(Series::new).sorted(Series.order()).toList();
  }
}
