package org.llavamed.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to look for at a peer, or to fetch from it (PS3.4 annex C).
 *
 * @param level of what is looked for
 * @param patientRoot whether the Patient Root model is asked, else the Study Root model
 * @param relational whether unique keys above the level may be missing (PS3.4 sections C.4.1.2.2,
 *     C.4.2.2.2 and C.4.3.2.2), which the peer must support
 * @param keys values by keyword or tag ({@code 0010,0020}), in their order; several values are
 *     separated by backslashes; an empty value asks for the attribute to be returned
 */
public record Query(
    QueryLevel level, boolean patientRoot, boolean relational, Map<String, String> keys) {
  public Query {
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    if (level == QueryLevel.PATIENT && !patientRoot) {
      throw new IllegalArgumentException("the Study Root model has no patient level");
    }
  }

  /** Makes a hierarchical query. */
  public Query(QueryLevel level, boolean patientRoot, Map<String, String> keys) {
    this(level, patientRoot, false, keys);
  }
}
