package org.llavamed.deidentify.internal;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The codes of the context groups of PS3.16: codes.tsv. */
final class CodeTable {
  private static final Map<String, String> MEANINGS = new HashMap<>();

  static {
    for (List<String> row : Resources.rows("codes.tsv")) {
      MEANINGS.put(row.get(0) + '\t' + row.get(1), row.get(2));
    }
  }

  private CodeTable() {}

  /** Returns the meaning of a code; empty where it is unknown. */
  static String meaning(String scheme, String value) {
    return MEANINGS.getOrDefault(scheme + '\t' + value, "");
  }
}
