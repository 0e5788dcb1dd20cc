package org.llavamed.network;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What to look for at a peer, or to fetch from it (PS3.4 annex C).
 *
 * @param level of what is looked for
 * @param patientRoot whether the Patient Root model is asked, else the Study Root model
 * @param keys values by keyword or tag ({@code 0010,0020}), in their order; several values are
 *     separated by backslashes; an empty value asks for the attribute to be returned
 */
public record Query(QueryLevel level, boolean patientRoot, Map<String, String> keys) {
  public Query {
    keys = Collections.unmodifiableMap(new LinkedHashMap<>(keys));
    if (level == QueryLevel.PATIENT && !patientRoot) {
      throw new IllegalArgumentException("the Study Root model has no patient level");
    }
  }
}
